import type { Face } from '@preau/contracts/vocabulary';

/** A page of the application that people come in by, and what the browser can fetch before any script says so. */
export interface FirstPage {
  /** Modules of the built application; `{language}` is the reader's. */
  parts: readonly string[];
  /** Reads of the API that it begins with. */
  reads: readonly string[];
}

const words = (feature: string): string => `src/features/${feature}/locales/{language}.json`;
const WHO_AM_I = '/api/v1/auth/me/';

const LOGIN: FirstPage = {
  parts: ['src/features/identity/pages/LoginPage.vue', words('identity'), words('second-factor')],
  reads: [],
};

/** By face and path. What is not here loads as well, a few round trips later. */
export const FIRST_PAGES = {
  portal: {
    '/': {
      parts: [
        'src/shells/portal/pages/HomePage.vue',
        'src/features/home-cards.ts',
        'src/features/card-words.{language}.ts',
      ],
      reads: [WHO_AM_I],
    },
    '/login': LOGIN,
  },
  console: {
    '/': {
      parts: ['src/features/overview/pages/OverviewPage.vue', words('overview'), words('tenants')],
      reads: [WHO_AM_I],
    },
    '/schools': {
      parts: ['src/features/tenants/pages/ListPage.vue', words('tenants')],
      reads: [WHO_AM_I],
    },
    '/login': LOGIN,
  },
  public: {},
} as const satisfies Record<Face, Record<string, FirstPage>>;

/** The page that a request for this path begins with, by its key; visitors begin at the log-in. */
export function firstPageOf(face: Face, url: string, hasSession: boolean): string | null {
  const path = /^[^?#]*/.exec(url)?.[0] ?? '';
  if (!Object.hasOwn(FIRST_PAGES[face], path)) return null;
  if (path === '/login') return hasSession ? null : path;
  return hasSession ? path : '/login';
}
