export { createQuotaLevels, type QuotaLevels } from './levels.service.ts';
export type { Quota } from './levels.repository.ts';
export { SEATS } from './seats.ts';
