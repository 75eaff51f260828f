import type { getInstallation as getInstallationRoute } from '@preau/contracts/installation';
import { call } from '../../shared/http.ts';

export const getInstallation = () => call<typeof getInstallationRoute>('GET', '/installation/');
