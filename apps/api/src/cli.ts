#!/usr/bin/env node
import { ERRORS, FIELD_ERRORS, fillSentence } from '@preau/contracts/error-codes';
import type { Language } from '@preau/contracts/vocabulary';
import { Command, CommanderError } from 'commander';
import { doctorCommand } from './cli/doctor.ts';
import { createPrinter } from './cli/printer.ts';
import { serveCommand } from './cli/serve.ts';
import { workerCommand } from './cli/worker.ts';
import { ConfigError, loadConfig, shell } from './config.ts';
import { features } from './features/index.ts';
import { AppError } from './platform/app-error.ts';
import { CommandFailure } from './platform/command-failure.ts';
import { openInstallation } from './start-up.ts';

/**
 * Exit codes: 0 done, 1 failed, 2 wrong usage or input, 3 not found, 4 conflict; 5 halted, 6 stopped and 7 drifted are those of
 * the fleet's commands.
 */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (error instanceof ConfigError) return 2;
  if (error instanceof CommandFailure) return error.exitCode;
  if (!(error instanceof AppError)) return 1;
  const { status } = ERRORS[error.code];
  return status === 404 ? 3 : status === 409 ? 4 : status < 500 ? 2 : 1;
}

function explain(error: unknown, language: Language): string {
  if (error instanceof ConfigError) return error.message;
  if (!(error instanceof AppError))
    return error instanceof Error ? error.message || String(error) : String(error);
  const { detail } = ERRORS[error.code];
  const lines = [fillSentence(detail[language], error.options.details)];
  for (const { path, code, values } of error.options.errors ?? [])
    lines.push(`  ${path}: ${fillSentence(FIELD_ERRORS[code][language], values)}`);
  if (error.options.cause instanceof Error && ERRORS[error.code].status >= 500)
    lines.push(`  ${error.options.cause.message}`);
  return lines.join('\n');
}

/** A mistake is told with the help of the very command that was meant: that of `preau` does not name its options. */
function pointToHelp(command: Command, spelled: string): void {
  command.showHelpAfterError(`(${spelled} --help says more)`);
  for (const below of command.commands) pointToHelp(below, `${spelled} ${below.name()}`);
}

/** The `preau` command: the services of the server, on the shell. */
export async function main(argv: readonly string[]): Promise<number> {
  const { language, colour } = shell();
  const printer = createPrinter({ json: argv.includes('--json'), colour });
  const program = new Command('preau')
    .description('Préau, the control plane of a school platform')
    .version('0.1.0')
    .exitOverride();

  const run = async (
    work: Parameters<Parameters<NonNullable<(typeof features)[number]['commands']>>[1]>[0],
  ) => {
    const config = loadConfig();
    const installation = await openInstallation(config, {
      applicationName: 'preau command',
      onError: (error) => printer.note(String(error)),
    });
    try {
      await work(installation.services, printer);
    } finally {
      await installation.close();
    }
  };

  for (const feature of features) feature.commands?.(program, run);
  doctorCommand(program, printer);
  serveCommand(program);
  workerCommand(program);
  pointToHelp(program, 'preau');
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError)) process.stderr.write(`preau: ${explain(error, language)}\n`);
    return exitCodeOf(error);
  }
}

// `preau tenants list | head`: who reads has had enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

if (import.meta.main) process.exit(await main(process.argv.slice(2)));
