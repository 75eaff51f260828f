import type { getSchoolHome } from '@preau/contracts/school-home';
import { call } from '../../shared/http.ts';

/** One answer for all cards of the school itself. */
export const homeQuery = {
  key: ['home'],
  query: () => call<typeof getSchoolHome>('GET', '/current-tenant/home/'),
};
