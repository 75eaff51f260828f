export { createPlaceService, type PlaceService } from './place.service.ts';
