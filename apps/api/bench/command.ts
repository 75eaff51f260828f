import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createEndings, type Endings } from './endings.ts';
import { allHold, formatReport, type Report } from './report.ts';
import type { Scenario } from './scenario.ts';
import { machineFacts, packageVersions } from './versions.ts';

export interface Output {
  out(text: string): void;
  /** Progress and remarks. */
  note(text: string): void;
}

export type Scenarios = Readonly<Record<string, Scenario>>;

/** A command of the repository that runs scenarios and reports figures: `bench`, `chaos`. */
export interface MeasuringCommand {
  name: string;
  scenarios: Scenarios;
  /** Whether a busy machine can miss its goals: then the short form never fails for one. */
  noisy: boolean;
}

const USAGE = ({
  name,
  scenarios,
  noisy,
}: MeasuringCommand): string => `pnpm ${name} [scenario…] [--json] [--strict] [--short] [--seed S]

  scenarios  ${Object.keys(scenarios).join(', ')}; all of them unless named
  --json     one object instead of a table
  --strict   exit 1 if a goal does not hold
  --seed     repeats what a scenario chooses at random; one of its own, which it says, unless told
  --short    ${noisy ? 'a few seconds, goals shown but never failing: for a noisy machine' : 'less of it: for every change'}
`;

const OPTIONS = {
  json: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  short: { type: 'boolean', default: false },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/**
 * The command without the process around it.
 * @returns exit code: 0 done, 1 a goal missed under `--strict`, 2 wrong usage. Rejects with what a scenario rejects with.
 */
export async function runCommand(
  command: MeasuringCommand,
  args: readonly string[],
  output: Output,
  endings: Endings = createEndings(),
): Promise<number> {
  const { scenarios } = command;
  let parsed;
  try {
    parsed = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    output.note(`${(error as Error).message}\n\n${USAGE(command)}`);
    return 2;
  }
  const { values, positionals } = parsed;
  if (values.help) {
    output.out(USAGE(command));
    return 0;
  }
  const seed = values.seed === undefined ? randomInt(1, 2 ** 31) : Number(values.seed);
  if (!Number.isSafeInteger(seed) || seed < 0) {
    output.note(`--seed is a whole number\n\n${USAGE(command)}`);
    return 2;
  }
  const names = positionals.length > 0 ? positionals : Object.keys(scenarios);
  const unknown = names.filter((name) => !Object.hasOwn(scenarios, name));
  if (unknown.length > 0) {
    output.note(`No such scenario: ${unknown.join(', ')}\n\n${USAGE(command)}`);
    return 2;
  }

  const report: Report = {
    command: command.name,
    scenario: names.join(' '),
    machine: machineFacts(),
    versions: packageVersions(),
    results: [],
  };
  try {
    for (const name of names) {
      const progress = (step: string): void => output.note(`${name}: ${step}\n`);
      const measured = await scenarios[name]?.({ short: values.short, seed, endings, progress });
      Object.assign(report.versions, measured?.versions);
      report.results.push(...(measured?.results ?? []));
    }
  } finally {
    await endings.run();
  }
  output.out(values.json ? `${JSON.stringify(report, null, 2)}\n` : `\n${formatReport(report)}`);
  const forgiven = command.noisy && values.short;
  return values.strict && !forgiven && !allHold(report) ? 1 : 0;
}

/** The command as a process: its arguments, its exit code, and an end for what it began when it is told to end. */
export async function runAsProcess(command: MeasuringCommand): Promise<never> {
  const endings = createEndings();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void endings.run().then(() => process.exit(130)));
  }
  const output: Output = {
    out: (text) => void process.stdout.write(text),
    note: (text) => void process.stderr.write(text),
  };
  const code = await runCommand(command, process.argv.slice(2), output, endings).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    return 1;
  });
  process.exit(code);
}
