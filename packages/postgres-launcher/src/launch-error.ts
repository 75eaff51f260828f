/** The reason is at the end of a log; what came before it hides it. */
const LOG_LINES = 12;

/** Why the embedded PostgreSQL could not be started or stopped, in words for the person at the terminal. */
export class LaunchError extends Error {
  override name = 'LaunchError';

  constructor(message: string, options: { cause?: unknown; hint?: 'database-url'; log?: string } = {}) {
    const hint = options.hint ? ' Set DATABASE_URL to a PostgreSQL 15 or newer.' : '';
    const log = options.log
      ? `\nThe server said:\n${options.log.split('\n').slice(-LOG_LINES).join('\n')}`
      : '';
    super(message + hint + log, { cause: options.cause });
  }
}
