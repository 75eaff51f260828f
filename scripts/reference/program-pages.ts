import { createRequire } from 'node:module';
import path from 'node:path';
import { doctorCommand } from '../../apps/api/src/cli/doctor.ts';
import { workerCommand } from '../../apps/api/src/cli/worker.ts';
import { CONFIG_VARIABLES } from '../../apps/api/src/config.ts';
import { type Printer } from '../../apps/api/src/features/define-feature.ts';
import { features } from '../../apps/api/src/features/index.ts';
import { ROOT } from '../stage.ts';
import { capitalised, code, page, plain, table } from './markdown.ts';

type Program = Parameters<typeof doctorCommand>[0];

// The command line library belongs to the API; the repository's root has no copy.
const { Command } = createRequire(path.join(ROOT, 'apps/api/package.json'))('commander') as {
  Command: new (name: string) => Program;
};

const silent: Printer = {
  result() {},
  table() {},
  text() {},
  note() {},
  forPeople: false,
  progress: () => ({ show() {}, end() {} }),
};

/** The `preau` program with every command declared and nothing that can run. */
export function declaredProgram(): Program {
  const program = new Command('preau');
  for (const feature of features) feature.commands?.(program, () => Promise.resolve());
  doctorCommand(program, silent);
  workerCommand(program);
  return program;
}

/** Commands that do something, with the words that lead to them. */
function leaves(command: Program, words: readonly string[]): { words: string; command: Program }[] {
  const own = [...words, command.name()];
  if (command.commands.length === 0) return [{ words: own.join(' '), command }];
  return command.commands.flatMap((sub) => leaves(sub, own));
}

function section({ words, command }: { words: string; command: Program }): string {
  const args = command.registeredArguments.map((argument) => {
    const shown = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${shown}>` : `[${shown}]`;
  });
  const parts = [
    `## ${words}`,
    `${capitalised(plain(command.description()))}.`,
    `\`\`\`sh\n${[words, ...args].join(' ')}\n\`\`\``,
  ];
  const rows = command.options.map((option) => [
    code(option.flags),
    plain(option.description),
    option.mandatory ? 'yes' : '',
  ]);
  if (rows.length > 0) parts.push(table(['option', 'meaning', 'required'], rows));
  return parts.join('\n\n');
}

export function commandsPage(): string {
  return page(
    'Command line',
    'the commands that the features declare',
    'In the repository, `pnpm preau …` runs the command; `node apps/api/src/cli.ts …` is the same without pnpm. It works on ' +
      'the database of the configuration, with or without a server running. A school is named by its subdomain, one of ' +
      'its domains or its id.',
    'Results go to standard output: for people on a terminal, JSON otherwise or with `--json` (a table gives one JSON ' +
      'document a line). Remarks go to standard error.',
    table(
      ['exit code', 'meaning'],
      [
        [0, 'done'],
        [1, 'failed'],
        [2, 'wrong usage or input'],
        [3, 'not found'],
        [4, 'conflict'],
      ],
    ),
    ...leaves(declaredProgram(), []).map(section),
  );
}

export function configurationPage(): string {
  const rows = CONFIG_VARIABLES.map(({ name, fallback, description }) => [
    code(name),
    code(fallback ?? ''),
    plain(description),
  ]);
  return page(
    'Configuration',
    '`apps/api/src/config.ts`',
    'Environment variables, checked at start-up: every mistake is listed at once. An empty variable is an unset one. ' +
      '`preau doctor` prints the effective values and where each came from, with secrets hidden.',
    table(['variable', 'default', 'meaning'], rows),
    '`pnpm start` and `pnpm dev` set `PREAU_DEMO` to `on` unless told otherwise.',
  );
}
