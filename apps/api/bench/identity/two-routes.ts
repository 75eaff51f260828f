import { defineRoute } from '@preau/contracts/define-route';
import { Type } from 'typebox';
import { buildApp } from '../../src/app.ts';
import { loadConfig, secretsOf } from '../../src/config.ts';
import { bind } from '../../src/features/define-feature.ts';
import { features } from '../../src/features/index.ts';
import { createLoggers } from '../../src/platform/logger.ts';
import { openInstallation } from '../../src/start-up.ts';

/**
 * The product with two more routes of a school, the same but for one: anyone may call the first, the second wants somebody who
 * is logged in. What differs between them is what knowing the person costs.
 */

const route = {
  method: 'GET',
  zone: 'tenant',
  tag: 'bench',
  summary: 'A bare answer',
  success: { status: 200, schema: Type.Object({ ok: Type.Boolean() }) },
} as const;
const open = defineRoute({ ...route, name: 'benchOpen', path: '/bench/open/', permission: 'anyone' });
const own = defineRoute({ ...route, name: 'benchOwn', path: '/bench/own/', permission: 'authenticated' });
const answer = async () => ({ ok: true });

const fail = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
const config = loadConfig({}, process.env);
const installation = await openInstallation(config, { applicationName: 'preau bench', onError: fail });
const { services } = installation;
const app = await buildApp({
  services,
  secret: secretsOf(config)[0] ?? '',
  loggers: createLoggers({ level: 'info', terminal: false }),
  routes: [
    ...features.flatMap((feature) => feature.routes?.(services) ?? []),
    bind(open, answer),
    bind(own, answer),
  ],
});
await app.listen({ port: config.port, host: config.host });
process.once('SIGTERM', () => void app.close().then(() => installation.close()));
