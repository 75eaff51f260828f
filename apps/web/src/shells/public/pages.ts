import type { Component } from 'vue';
import { loadAccessibilityPage } from '../../features/accessibility/index.ts';
import { loadDirectoryPage, loadPublicAgendaPage, loadSchoolPage } from '../../features/directory/index.ts';
import { loadDiscoverPage } from '../../features/discover/index.ts';
import { loadNewSchoolPage } from '../../features/new-school/index.ts';
import { publicPageAt, type PublicPage } from './page-at.ts';

const LOADERS: Readonly<Record<PublicPage, () => Promise<{ default: Component }>>> = {
  home: () => import('./HomePage.vue'),
  accessibility: loadAccessibilityPage,
  agenda: loadPublicAgendaPage,
  directory: loadDirectoryPage,
  discover: loadDiscoverPage,
  new_school: loadNewSchoolPage,
  not_found: () => import('../../shared/page/NotFoundPage.vue'),
  school: loadSchoolPage,
  unknown_host: () => import('./UnknownHostPage.vue'),
};

/** The page of a path, with its words. */
export const loadPage = async (path: string, isUnknown: boolean): Promise<Component> =>
  (await LOADERS[isUnknown ? 'unknown_host' : publicPageAt(path)]()).default;
