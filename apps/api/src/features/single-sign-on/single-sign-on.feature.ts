import { defineFeature } from '../define-feature.ts';
import { singleSignOnRoutes } from './single-sign-on.routes.ts';

/** Log-in by a school's own OpenID provider. */
export const singleSignOnFeature = defineFeature({ name: 'single-sign-on', routes: singleSignOnRoutes });
