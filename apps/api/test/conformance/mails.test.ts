import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { features } from '../../src/features/index.ts';

const LOCALES = path.resolve(import.meta.dirname, '../../../web/src/features/mails/locales');
const kinds = features.flatMap(({ mails = [] }) => mails).map(({ kind }) => kind);

describe('kinds of mail', () => {
  it('have one definition each', () => {
    expect(kinds.length).toBeGreaterThan(10);
    expect(kinds.filter((kind, at) => kinds.indexOf(kind) !== at)).toEqual([]);
  });

  it.each(['fr', 'en'])('are named in the console, all of them and no others: %s', (language) => {
    const { mails } = JSON.parse(readFileSync(path.join(LOCALES, `${language}.json`), 'utf8')) as {
      mails: { kind: Record<string, string> };
    };
    expect(Object.keys(mails.kind).toSorted()).toEqual(
      kinds.map((kind) => kind.replaceAll('.', '_')).toSorted(),
    );
  });
});
