export { createBrandingService, type BrandingService } from './branding.service.ts';
export { recordTheme, type Colours } from './theme.repository.ts';
