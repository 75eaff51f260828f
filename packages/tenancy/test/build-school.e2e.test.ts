import { once } from 'node:events';
import type { Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createBundler, newSchemaName, type Bundler, type SchoolBuilder } from '../src/index.ts';
import { createFixture, tenantLadder, type Fixture } from './fixture.ts';

const CLASSES = { name: 'classes', columns: ['id', 'name'] };
const VERSION = tenantLadder.migrations[0]?.name ?? null;

let fixture: Fixture;
let bundler: Bundler;
beforeAll(async () => {
  fixture = await createFixture();
  // One connection: what is left on it stops the next.
  bundler = createBundler({ url: fixture.url, ladder: tenantLadder, snapshot: null, max: 1 });
});
afterAll(async () => {
  await bundler.close();
  await fixture.close();
});

const build = (fill: (builder: SchoolBuilder) => Promise<unknown>): Promise<unknown> =>
  bundler.build({ schemaName: newSchemaName(), version: VERSION }, fill);
const copyOf = ({ copyInto }: SchoolBuilder): Writable => copyInto(CLASSES);

describe('building a school', () => {
  const cut = new Error('the archive is cut');

  it.each<[string, (copy: Writable) => unknown]>([
    ['has begun', () => undefined],
    ['has some rows', (copy) => new Promise((resolve) => copy.write('1\t6e\n', resolve))],
    ['has a part of a row', (copy) => new Promise((resolve) => copy.write('1\t6', resolve))],
    ['is at its end', (copy) => copy.end('1\t6e\n')],
  ])('comes to nothing when a COPY is broken off that %s', async (_, fill) => {
    const building = build(async (builder) => {
      await fill(copyOf(builder));
      throw cut;
    });
    await expect(building).rejects.toBe(cut);
  });

  it('comes to nothing when PostgreSQL refuses a row', async () => {
    const building = build(async (builder) => {
      const copy = copyOf(builder);
      const refused = once(copy, 'error');
      copy.end('one\t6e\n');
      throw (await refused)[0];
    });
    await expect(building).rejects.toThrow('invalid input syntax for type integer');
  });

  it('goes well afterwards, on the same connection', async () => {
    await build(async (builder) => {
      const copy = copyOf(builder);
      copy.end('1\t6e\n2\t5e\n');
      await finished(copy);
      expect(await builder.ask('SELECT name FROM classes ORDER BY id')).toEqual([
        { name: '6e' },
        { name: '5e' },
      ]);
      await builder.finish();
    });
  });
});
