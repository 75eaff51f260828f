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
  /** Writes what is still held. */
  flush(): Promise<void>;
}

const REDACTED = ['*.password', '*.token', '*.secret', '*.authorization', '*.cookie', '*["api-key"]'];

/**
 * A logger whose children are itself. Fastify makes one a request, which costs more than the busiest requests do; the lines
 * written here name their request themselves.
 */
function withoutChildren(logger: Logger): Logger {
  const only: Logger = Object.create(logger, { child: { value: () => only } });
  return only;
}

/** Lines of the access log written together, and milliseconds after which fewer are. */
const GATHERED_LINES = 256;
const GATHERED_FOR = 500;

/**
 * Gathers lines and writes them at once, since a write a request costs more than the request. The destination's own
 * gathering measures all it holds at every line.
 */
function gatherLines(write: (text: string) => void): { add(line: string): void; flush(): void } {
  let lines: string[] = [];
  const flush = () => {
    if (lines.length === 0) return;
    const text = lines.join('');
    lines = [];
    write(text);
  };
  setInterval(flush, GATHERED_FOR).unref();
  return {
    add(line) {
      if (lines.push(line) >= GATHERED_LINES) flush();
    },
    flush,
  };
}

/** The process's loggers, on one destination. {@link Loggers.flush} empties what is gathered before the process ends. */
export function createLoggers({ level, terminal }: LoggerOptions): Loggers {
  const destination: DestinationStream = terminal
    ? pretty({ colorize: true, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', sync: true })
    : pino.destination({ fd: 1, sync: false });
  const logger = withoutChildren(pino({ level, redact: REDACTED, base: null }, destination));
  const lines = gatherLines((text) => {
    destination.write(text);
  });
  return {
    logger,
    access: logger.isLevelEnabled('info') ? lines.add : null,
    flush: () =>
      new Promise((resolve) => {
        lines.flush();
        logger.flush(() => resolve());
      }),
  };
}
