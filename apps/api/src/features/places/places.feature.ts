import { defineFeature } from '../define-feature.ts';
import { placeRoutes } from './place.routes.ts';

/** Schools for programs that were written for places: the same schools, in other words. */
export const placesFeature = defineFeature({ name: 'places', routes: placeRoutes });
