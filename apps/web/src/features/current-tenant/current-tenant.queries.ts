import { defineQueryOptions } from '@pinia/colada';
import { getInfo } from './current-tenant.api.ts';

export const schoolInfo = defineQueryOptions({ key: ['school', 'info'], query: () => getInfo() });
