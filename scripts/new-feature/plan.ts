import fs from 'node:fs';
import path from 'node:path';
import { fill } from './fill.ts';
import { type FeatureNames, namesOf } from './names.ts';
import { linesByHand, type HandLine } from './lines.ts';

export interface FeatureOptions {
  name: string;
  /** What one of them is called, when it is not the name without its plural ending. */
  singular?: string | undefined;
  /** Its name on a French screen; the English one unless told. */
  french?: string | undefined;
  /** Whether a school can switch it off. */
  module: boolean;
}

export interface FeaturePlan {
  names: FeatureNames;
  /** New files, paths from the repository's root with slashes. */
  files: { path: string; content: string }[];
  lines: HandLine[];
}

const TEMPLATES = path.join(import.meta.dirname, 'templates');
const MIGRATIONS = 'apps/api/src/database/migrations/tenant';

const stamp = (date: Date): string => date.toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '_');

/** A name above every other on the ladder: a school that is up to date runs only what sorts after its version. */
function migrationName(root: string, table: string, now: Date): string {
  const last = fs.readdirSync(path.join(root, MIGRATIONS)).toSorted().at(-1)?.slice(0, 15) ?? '';
  const name = stamp(now);
  if (name > last) return `${name}_${table}.ts`;
  // Made in the same second, or by a clock ahead of ours.
  const [day = '', second = ''] = last.split('_');
  return `${day}_${String(Number(second) + 1).padStart(6, '0')}_${table}.ts`;
}

function targets({ path: folder, file }: FeatureNames, migration: string): Record<string, string> {
  const api = `apps/api/src/features/${folder}`;
  const web = `apps/web/src/features/${folder}`;
  return {
    'contracts/contract.ts': `packages/contracts/src/${folder}.ts`,
    'api/feature.ts': `${api}/${folder}.feature.ts`,
    'api/index.ts': `${api}/index.ts`,
    'api/model.ts': `${api}/${file}.model.ts`,
    'api/read-model.ts': `${api}/${file}.read-model.ts`,
    'api/service.ts': `${api}/${file}.service.ts`,
    'api/presenter.ts': `${api}/${file}.presenter.ts`,
    'api/routes.ts': `${api}/${file}.routes.ts`,
    'api/e2e.test.ts': `${api}/${folder}.e2e.test.ts`,
    'migration/migration.ts': `${MIGRATIONS}/${migration}`,
    'web/index.ts': `${web}/index.ts`,
    'web/words.ts': `${web}/words.ts`,
    'web/api.ts': `${web}/${folder}.api.ts`,
    'web/spec.ts': `${web}/${folder}.spec.ts`,
    'web/pages/ListPage.vue': `${web}/pages/ListPage.vue`,
    'web/pages/ReadPage.vue': `${web}/pages/ReadPage.vue`,
    'web/pages/EditPage.vue': `${web}/pages/EditPage.vue`,
    'web/locales/fr.json': `${web}/locales/fr.json`,
    'web/locales/en.json': `${web}/locales/en.json`,
  };
}

/**
 * What a new feature consists of: files to write and lines to add by hand. Writes nothing.
 * @throws Error when the name will not do, or when one of the files is there already.
 */
export function planFeature(root: string, options: FeatureOptions, now = new Date()): FeaturePlan {
  const names = namesOf(options.name, options.singular, options.french);
  const values = {
    ...names,
    table: names.key,
    // A feature that is always on shows with the module that always is.
    moduleKey: options.module ? names.key : 'schools',
    moduleField: options.module ? `, module: '${names.key}'` : '',
  };
  const files = Object.entries(targets(names, migrationName(root, names.key, now))).map(
    ([template, target]) => {
      if (fs.existsSync(path.join(root, target))) throw new Error(`${target} is there already`);
      const text = fs.readFileSync(path.join(TEMPLATES, `${template}.template`), 'utf8');
      return { path: target, content: fill(text, values, { module: options.module }) };
    },
  );
  return { names, files, lines: linesByHand(names, options.module) };
}
