import { defineAsyncComponent } from 'vue';
import type { ModuleDescriptor } from '../define-module.ts';

export { schoolInfo } from './current-tenant.queries.ts';
export { useSchool } from './school.store.ts';
export { default as SchoolCard } from './components/SchoolCard.vue';

export const schoolsModule: ModuleDescriptor = {
  key: 'schools',
  nav: [{ to: '/branding', label: 'branding.nav', permission: 'school:brand', isAdministration: true }],
  routes: [{ path: '/branding', name: 'branding', component: () => import('./pages/BrandingPage.vue') }],
};

/** Both modes of a pair of colours; lazy, as deriving tones takes a colour library. */
export const BrandPreview = defineAsyncComponent(() => import('./components/BrandPreview.vue'));
