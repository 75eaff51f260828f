import type { ReadyPool } from './ready-pool.ts';

export interface PoolKeeper {
  /** Fills the pool now, or once more when it is being filled: for after a schema was taken. Does nothing before `start`. */
  wake(): void;
  /** Fills the pool, and looks at it again from time to time: other processes take from it too. */
  start(): void;
  /** Ends when the schema under way is built. */
  close(): Promise<void>;
}

export interface PoolKeeperOptions {
  pool: Pick<ReadyPool, 'fill'>;
  onError(error: unknown): void;
  /** Milliseconds between looks; a minute unless told. */
  every?: number;
}

/** Keeps the pool full in the background of a process, with one connection at most and only while something is missing. */
export function createPoolKeeper({ pool, onError, every = 60_000 }: PoolKeeperOptions): PoolKeeper {
  let timer: NodeJS.Timeout | undefined;
  let filling: Promise<void> | undefined;
  // Something was taken while the pool was being filled.
  let again = false;
  let open = false;

  async function fill(): Promise<void> {
    again = false;
    try {
      await pool.fill();
    } catch (error) {
      onError(error);
    }
    filling = undefined;
    if (again) wake();
  }

  function wake(): void {
    if (!open) return;
    if (filling) again = true;
    else filling = fill();
  }

  return {
    wake,
    start() {
      open = true;
      wake();
      timer = setInterval(wake, every).unref();
    },
    async close() {
      open = false;
      clearInterval(timer);
      await filling;
    },
  };
}
