import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { planFeature, type FeaturePlan } from './new-feature/plan.ts';
import { ROOT, runStage, tool } from './stage.ts';

const USAGE = `Usage: pnpm new:feature NAME --zone tenant [--module] [--singular NAME] [--fr WORDS]

  NAME         plural, lower case, hyphens: school-trips
  --zone       where it lives; only tenant: a table in every school
  --module     a school can switch it off
  --singular   what one of them is called, when the name without its plural ending is wrong
  --fr         its name on a French screen: "Sorties scolaires"
`;

function readArguments(): {
  name: string;
  module: boolean;
  singular: string | undefined;
  french: string | undefined;
} {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      zone: { type: 'string' },
      module: { type: 'boolean', default: false },
      singular: { type: 'string' },
      fr: { type: 'string' },
    },
  });
  const [name] = positionals;
  if (!name || positionals.length > 1) throw new Error('One name is expected');
  if (values.zone !== 'tenant')
    throw new Error('--zone tenant is expected: the other zones have no table of their own');
  return { name, module: values.module, singular: values.singular, french: values.fr };
}

/** Writes the files of a plan, formatted as the repository's are. */
async function write({ files }: FeaturePlan): Promise<void> {
  for (const file of files) {
    const target = path.join(ROOT, file.path);
    fs.mkdirSync(path.dirname(target), { recursive: true });
    fs.writeFileSync(target, file.content, { flag: 'wx' });
  }
  const formatted = await runStage(tool('oxfmt', ...files.map((file) => file.path)), { quiet: true });
  if (!formatted.ok)
    throw new Error(`The files are written, but oxfmt could not format them:\n${formatted.output}`);
}

function explain({ names, files, lines }: FeaturePlan): string {
  const parts = ['Written:', ...files.map((file) => `  ${file.path}`), '', 'Add by hand:'];
  for (const [file, own] of Map.groupBy(lines, (line) => line.file)) {
    parts.push('', `  ${file}`);
    for (const { place, text } of own) {
      parts.push('endOf' in place ? `    at the end of ${place.endOf}` : `    above “${place.above.trim()}”`);
      parts.push(text.trimEnd().replace(/^/gm, '    + '));
    }
  }
  parts.push(
    '',
    'Then:',
    '  pnpm format && pnpm reference && pnpm check',
    `  node_modules/.bin/vitest run --project real --project web features/${names.path}`,
    '  pnpm preau fleet snapshot   (the table, in what new schools are built from)',
    '  pnpm preau migrate          (the table, in the schools that exist)',
    '',
  );
  return parts.join('\n');
}

try {
  const plan = planFeature(ROOT, readArguments());
  await write(plan);
  process.stdout.write(explain(plan));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  process.exitCode = 1;
}
