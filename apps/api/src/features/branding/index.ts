export { createBrandingService, type BrandingService } from './branding.service.ts';
export { createSchoolMarkService, type SchoolMarkService } from './school-marks.service.ts';
export { createThemePictures, type ThemePictures } from './theme-pictures.service.ts';
export { columnsOf, differenceOf, lookOf, type Look } from './look.ts';
export { moveBranding, recordTheme } from './theme.repository.ts';
