import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LoggerOptions {
  level: string;
  /** Readable lines instead of JSON. */
  terminal: boolean;
}

export interface Loggers {
  logger: Logger;
  /** For the one line a request: it holds no value a person sent, so that nothing need be looked for and hidden. */
  access: Logger;
}

const REDACTED = ['*.password', '*.token', '*.secret', '*.authorization', '*.cookie', '*["api-key"]'];

/**
 * The process's loggers, on one destination. Lines are gathered and written together, since a write a request costs
 * more than the request; {@link flushLogger} empties the buffer before the process ends.
 */
export function createLoggers({ level, terminal }: LoggerOptions): Loggers {
  const destination: DestinationStream = terminal
    ? pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true })
    : pino.destination({ fd: 1, sync: false, minLength: 8_192, periodicFlush: 500 });
  return {
    logger: pino({ level, redact: REDACTED, base: null }, destination),
    access: pino({ level, base: null }, destination),
  };
}

/** Writes what is still buffered. */
export function flushLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}
