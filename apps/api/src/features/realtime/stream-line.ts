import type { Redis } from 'ioredis';

/** Milliseconds by which the clock of Redis may be behind ours. */
const CLOCKS = 10_000;

type Call = (...args: unknown[]) => Promise<unknown>;

/**
 * The adapter begins to read with what is added while its first question waits, and asks so again until something was: what is
 * said before it is connected, or between two questions, no socket of this process would hear. So it begins with what was added
 * shortly before now. What comes too often is known by its id.
 */
export function readSinceNow(line: Redis): Redis {
  const since = `${Date.now() - CLOCKS}-0`;
  const duplicate = line.duplicate.bind(line);
  line.duplicate = (override) => {
    const reader = duplicate(override);
    const xread = reader.xread.bind(reader) as unknown as Call;
    reader.xread = ((...args: unknown[]) =>
      xread(...args.map((arg) => (arg === '$' ? since : arg)))) as unknown as typeof reader.xread;
    return reader;
  };
  return line;
}
