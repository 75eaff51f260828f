import { runAsProcess, type Scenarios } from './command.ts';
import { agenda } from './scenarios/agenda.ts';
import { bundles } from './scenarios/bundles.ts';
import { fleet } from './scenarios/fleet.ts';
import { identity } from './scenarios/identity.ts';
import { main } from './scenarios/main.ts';
import { media } from './scenarios/media.ts';
import { realtime } from './scenarios/realtime.ts';
import { resolution } from './scenarios/resolution.ts';
import { web } from './scenarios/web.ts';

/** Table of contents: every scenario there is. */
export const SCENARIOS: Scenarios = {
  main,
  fleet,
  resolution,
  identity,
  media,
  bundles,
  agenda,
  realtime,
  web,
};

if (import.meta.main) await runAsProcess({ name: 'bench', scenarios: SCENARIOS, noisy: true });
