import type { Theme } from '@preau/contracts/current-tenant';
import { defineAsyncComponent } from 'vue';
import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { currentTenantWords } from './words.ts';

const page = withWords(currentTenantWords);

export { useSchool } from './school.store.ts';
export { wearWhatIsTried } from './tried-look.ts';
/** Gives the open page a school's colours; what makes a sheet of them comes when it is needed. */
export const paintTheme = async (theme: Theme): Promise<void> =>
  (await import('./paint-theme.ts')).paint(theme);
export const schoolsModule: ModuleDescriptor = {
  key: 'schools',
  nav: [
    {
      to: '/settings',
      label: 'school_settings.nav',
      permission: 'school:settings',
      isAdministration: true,
    },
    { to: '/branding', label: 'branding.nav', permission: 'school:brand', isAdministration: true },
  ],
  routes: [
    {
      path: '/settings',
      name: 'settings',
      meta: { permission: 'school:settings' },
      component: page(() => import('./pages/SettingsPage.vue')),
    },
    {
      path: '/branding',
      name: 'branding',
      meta: { permission: 'school:brand' },
      component: page(() => import('./pages/BrandingPage.vue')),
    },
  ],
  home: [
    {
      key: 'school',
      title: 'school.nav',
      rows: 4.5,
      rank: 30,
      load: homeCard('HomeSchool'),
    },
  ],
};

/** Both modes of a pair of colours; lazy, as deriving tones takes a colour library. */
export const BrandPreview = defineAsyncComponent(page(() => import('./components/BrandPreview.vue')));
