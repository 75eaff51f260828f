import { defineQueryOptions } from '@pinia/colada';
import { getAuthOptions, listOwnSchools, listSessions } from './account.api.ts';

export const authOptions = defineQueryOptions({ key: ['auth', 'options'], query: () => getAuthOptions() });
export const ownSessions = defineQueryOptions({ key: ['auth', 'sessions'], query: () => listSessions() });
export const ownSchools = defineQueryOptions({ key: ['auth', 'schools'], query: () => listOwnSchools() });
