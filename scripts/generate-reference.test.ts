import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { features } from '../apps/api/src/features/index.ts';
import { createServices } from '../apps/api/src/services.ts';
import { REFERENCE_FOLDER, referencePages } from './generate-reference.ts';
import { everyRoute } from './reference/contract-pages.ts';

const pages = await referencePages();

test.each([...pages.keys()])('%s says what the code says (run `pnpm reference`)', (file) => {
  expect(fs.readFileSync(path.join(REFERENCE_FOLDER, file), 'utf8')).toBe(pages.get(file));
});

test('the folder holds no page that the code does not write', () => {
  expect(fs.readdirSync(REFERENCE_FOLDER).toSorted()).toEqual([...pages.keys()].toSorted());
});

test('every route that the server answers is on the page of routes', async () => {
  // Handlers are not called: the services only have to be there to be taken apart.
  const base = { scheme: 'http', domain: 'localhost', port: 3000 } as const;
  const services = createServices(
    { base, dataDir: '/', jobs: { concurrency: 0, silentSeconds: 15 } },
    {} as never,
    () => {},
  );
  const served = features
    .flatMap((feature) => feature.routes?.(services) ?? [])
    .map(({ contract }) => contract);
  await services.lastAccess.close();
  expect(new Set(served.map(({ name }) => name))).toEqual(
    new Set((await everyRoute()).map(({ name }) => name)),
  );
  for (const { method, path: route } of served)
    expect(pages.get('routes.md')).toContain(`\`${method} ${route}\``);
});
