import { runAsProcess, type MeasuringCommand } from '../bench/command.ts';
import { bundles } from './scenarios/bundles.ts';
import { media } from './scenarios/media.ts';
import { migration } from './scenarios/migration.ts';
import { provisioning } from './scenarios/provisioning.ts';
import { realtime } from './scenarios/realtime.ts';
import { redis } from './scenarios/redis.ts';

/** Kills at set and at random points, then proves that nothing was lost. What it finds is wrong whatever the machine. */
export const CHAOS: MeasuringCommand = {
  name: 'chaos',
  scenarios: { provisioning, migration, redis, media, bundles, realtime },
  noisy: false,
};

if (import.meta.main) await runAsProcess(CHAOS);
