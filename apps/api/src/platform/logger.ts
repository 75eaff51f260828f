import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LoggerOptions {
  level: string;
  /** Readable lines instead of JSON. */
  terminal: boolean;
}

export interface Loggers {
  logger: Logger;
  /** Writes one finished line of the access log; null when the level leaves it out. */
  access: ((line: string) => void) | null;
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
  const logger = pino({ level, redact: REDACTED, base: null }, destination);
  return { logger, access: logger.isLevelEnabled('info') ? (line) => void destination.write(line) : null };
}

/** Writes what is still buffered. */
export function flushLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}
