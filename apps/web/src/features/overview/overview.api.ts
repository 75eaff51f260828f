import type { getOverview as contract } from '@preau/contracts/overview';
import { call } from '../../shared/http.ts';

export const getOverview = () => call<typeof contract>('GET', '/overview/');
