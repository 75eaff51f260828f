import { pino, type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';

export interface LoggerOptions {
  level: string;
  /** Readable lines instead of JSON. */
  terminal: boolean;
}

const REDACTED = [
  'password',
  '*.password',
  '*.token',
  'headers.authorization',
  'headers.cookie',
  'headers["api-key"]',
];

/**
 * The process's logger. Lines are gathered and written together, since a write per request costs more than the
 * request; {@link flushLogger} empties the buffer before the process ends.
 */
export function createLogger({ level, terminal }: LoggerOptions): Logger {
  const destination: DestinationStream = terminal
    ? pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true })
    : pino.destination({ fd: 1, sync: false, minLength: 8_192, periodicFlush: 500 });
  return pino({ level, redact: REDACTED, base: null, timestamp: pino.stdTimeFunctions.isoTime }, destination);
}

/** Writes what is still buffered. */
export function flushLogger(logger: Logger): Promise<void> {
  return new Promise((resolve) => logger.flush(() => resolve()));
}
