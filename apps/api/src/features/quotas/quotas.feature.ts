import { defineFeature } from '../define-feature.ts';
import { seatsMail, tellSeatsJob } from './seats.ts';

/** What a school may have so much of, and who is told when little is left. */
export const quotasFeature = defineFeature({ name: 'quotas', jobs: [tellSeatsJob], mails: [seatsMail] });
