export interface PoolKeeper {
  /** Fills what is held ahead soon, once for many calls: for after something was taken. Does nothing before `start`. */
  wake(): void;
  /** Fills it, and looks at it again from time to time: other processes take from it too. */
  start(): void;
  /** Ends when the schema under way is built. */
  close(): Promise<void>;
}

export interface PoolKeeperOptions {
  /** Called one after the other, in this order. */
  fill: readonly (() => Promise<unknown>)[];
  onError(error: unknown): void;
  /** Milliseconds between looks; a minute unless told. */
  every?: number;
}

/** Milliseconds: whoever took something goes on with it first, and many who take cost one look. */
const REST = 100;

/** Keeps what is held ahead full in the background of a process, with one connection at most and only while something is missing. */
export function createPoolKeeper({ fill: parts, onError, every = 60_000 }: PoolKeeperOptions): PoolKeeper {
  let timer: NodeJS.Timeout | undefined;
  let soon: NodeJS.Timeout | undefined;
  let filling: Promise<void> | undefined;
  // Something was taken while the pool was being filled.
  let again = false;
  let open = false;

  async function fill(): Promise<void> {
    again = false;
    try {
      for (const part of parts) await part();
    } catch (error) {
      onError(error);
    }
    filling = undefined;
    if (again) wake();
  }

  function wake(): void {
    if (!open) return;
    if (filling) again = true;
    else soon ??= setTimeout(begin, REST).unref();
  }

  function begin(): void {
    soon = undefined;
    filling = fill();
  }

  return {
    wake,
    start() {
      open = true;
      begin();
      timer = setInterval(wake, every).unref();
    },
    async close() {
      open = false;
      clearInterval(timer);
      clearTimeout(soon);
      await filling;
    },
  };
}
