// The API alone, for dev.ts, which restarts it when one of its files changes.
import { serve } from '../apps/api/src/server.ts';

await serve({ defaults: { PREAU_DEMO: 'on' } });
