import { defineFeature } from '../define-feature.ts';
import { schoolMarkRoutes } from './school-marks.routes.ts';

/** Logo and favicon of a school as visitors see them, whether its library is on or not. */
export const schoolMarksFeature = defineFeature({ name: 'school-marks', routes: schoolMarkRoutes });
