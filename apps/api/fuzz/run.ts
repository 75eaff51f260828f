import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createEndings, type Endings } from '../bench/endings.ts';
import { allHold, formatReport, type Report } from '../bench/report.ts';
import { machineFacts, packageVersions } from '../bench/versions.ts';
import type { Fuzzer } from './fuzzer.ts';
import { hosts } from './hosts/report.ts';
import { leak } from './leak/report.ts';

/** Table of contents: every kind of traffic there is. */
export const FUZZERS: Readonly<Record<string, Fuzzer>> = { leak, hosts };

const USAGE = (known: string): string => `pnpm fuzz [name…] [--count N] [--seed S] [--json]

  name     ${known}; all of them unless named
  --count  how many operations; each has its own number unless told
  --seed   repeats a run: the same seed gives the same operations
  --json   one object instead of a table
`;

export interface Output {
  out(text: string): void;
  /** Progress and remarks. */
  note(text: string): void;
}

const OPTIONS = {
  count: { type: 'string' },
  seed: { type: 'string' },
  json: { type: 'boolean', default: false },
  // Here for the commands that measure: what this one finds is wrong whatever the machine.
  strict: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const whole = (name: string, text: string): number => {
  if (!/^\d{1,10}$/.test(text) || Number(text) < 1)
    throw new Error(`--${name} takes a whole number from 1 on`);
  return Number(text);
};

/**
 * The command without the process around it.
 * @returns exit code: 0 nothing found, 1 something found, 2 wrong usage. Rejects with what a fuzzer rejects with.
 */
export async function fuzz(
  args: readonly string[],
  fuzzers: Readonly<Record<string, Fuzzer>>,
  output: Output,
  endings: Endings = createEndings(),
): Promise<number> {
  const known = Object.keys(fuzzers).join(', ');
  let asked;
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
    const unknown = positionals.filter((name) => !Object.hasOwn(fuzzers, name));
    if (unknown.length > 0) throw new Error(`No such fuzzer: ${unknown.join(', ')}`);
    asked = {
      ...values,
      names: positionals.length > 0 ? positionals : Object.keys(fuzzers),
      count: values.count === undefined ? undefined : whole('count', values.count),
      seed: values.seed === undefined ? randomInt(1, 2 ** 31) : whole('seed', values.seed),
    };
  } catch (error) {
    output.note(`${(error as Error).message}\n\n${USAGE(known)}`);
    return 2;
  }
  if (asked.help) {
    output.out(USAGE(known));
    return 0;
  }
  const report: Report = {
    command: 'fuzz',
    scenario: asked.names.join(' '),
    machine: machineFacts(),
    versions: packageVersions(),
    results: [],
  };
  try {
    for (const name of asked.names) {
      const again = `pnpm fuzz ${name} --seed ${asked.seed}${asked.count ? ` --count ${asked.count}` : ''}`;
      output.note(`${name}: seed ${asked.seed}; the same again: ${again}\n`);
      const found = await fuzzers[name]?.({
        count: asked.count,
        seed: asked.seed,
        endings,
        progress: (step) => output.note(`${name}: ${step}\n`),
      });
      report.results.push(...(found ?? []));
    }
  } finally {
    await endings.run();
  }
  output.out(
    asked.json
      ? `${JSON.stringify({ ...report, seed: asked.seed }, null, 2)}\n`
      : `\n${formatReport(report)}`,
  );
  return allHold(report) ? 0 : 1;
}

if (import.meta.main) {
  const endings = createEndings();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void endings.run().then(() => process.exit(130)));
  }
  const output: Output = {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
  };
  const code = await fuzz(process.argv.slice(2), FUZZERS, output, endings).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  });
  process.exit(code);
}
