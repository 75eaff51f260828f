import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { SHOWN_DOMAIN } from '../apps/web/shots/scenes.ts';
import { screensPage } from '../apps/web/shots/screens-page.ts';
import { takeShots } from '../apps/web/shots/take.ts';
import { ROOT } from './stage.ts';

// `pnpm shots` writes the documentation's pictures and the page of all of them; --all every scene in every look, into .cache/shots; --only takes a
// regular expression on the names; --port uses an installation that runs already.
const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    only: { type: 'string' },
    port: { type: 'string' },
    email: { type: 'string', default: 'admin@shots.invalid' },
    password: { type: 'string', default: 'a-password-for-pictures' },
  },
});

const forDocs = !values.all && values.only === undefined;
const folder = path.join(ROOT, forDocs ? 'docs/public/screenshots' : '.cache/shots');
const wanted = values.only === undefined ? null : new RegExp(values.only);

async function installation(): Promise<{ port: number; close: () => Promise<void> }> {
  if (values.port) return { port: Number(values.port), close: async () => undefined };
  const { serve } = await import('../apps/api/src/server.ts');
  const { startDnsServer } = await import('@preau/testkit/dns-server');
  // A domain on its way here: led elsewhere still, and no proof yet.
  const names = await startDnsServer();
  names.set(SHOWN_DOMAIN, { A: ['198.51.100.7'] });
  return serve({
    defaults: {
      PORT: '3190',
      PREAU_METRICS_PORT: '9590',
      PREAU_DATA_DIR: path.join(ROOT, '.cache/shots-data'),
      PREAU_DEMO: 'on',
      PREAU_DNS_SERVERS: names.address,
      PREAU_ADDRESSES: '203.0.113.9',
      PREAU_ADMIN_EMAIL: values.email,
      PREAU_ADMIN_PASSWORD: values.password,
    },
  });
}

const { port, close } = await installation();
const { taken, complaints } = await takeShots(
  { port, admin: { email: values.email, password: values.password }, demoPassword: 'preau-demo-2026' },
  folder,
  (name, _, { width, mode, language }) => {
    if (wanted) return wanted.test(name);
    return values.all || (width === 'wide' && mode === 'light' && language === 'fr');
  },
);
await close();
if (forDocs) fs.writeFileSync(path.join(ROOT, 'docs/reference/screens.md'), screensPage(taken));
for (const complaint of complaints) process.stdout.write(`${complaint}\n`);
process.stdout.write(`Screenshots in ${path.relative(ROOT, folder)}\n`);
process.exit(complaints.length > 0 ? 1 : 0);
