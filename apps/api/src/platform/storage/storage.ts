import type { Readable } from 'node:stream';

/** A file as the store knows it. */
export interface StoredFile {
  bytes: number;
  modifiedAt: Date;
}

/**
 * Where files are kept. Keys are ASCII paths without a leading slash, and prefixes are such paths that end in one: names that
 * people gave belong in the database.
 */
export interface Storage {
  /** Makes ready for files below each of these prefixes. Those that are there stay as they are. */
  prepare(prefixes: readonly string[]): Promise<void>;
  /** Removes all that is below a prefix. There may be nothing. */
  removeAll(prefix: string): Promise<void>;
  /** The names directly below a prefix; none when there is no such prefix. */
  list(prefix: string): Promise<string[]>;
  /**
   * Stores all that a source gives, as it comes. Nothing is seen at the key until everything is there; of a source that fails or
   * is aborted, nothing stays. What was at the key is replaced.
   */
  write(
    key: string,
    source: Readable,
    options?: { signal?: AbortSignal; contentType?: string },
  ): Promise<{ bytes: number }>;
  /** A file from its first byte to its last, or from `start` to `end`, both included. Throws {@link NotStored}. */
  read(key: string, range?: { start?: number; end?: number }): Promise<Readable>;
  stat(key: string): Promise<StoredFile | undefined>;
  /** There may be none. */
  remove(key: string): Promise<void>;
  /** Replaces what is at `to`. Throws {@link NotStored}. */
  copy(from: string, to: string): Promise<void>;
  /** All files below a prefix, by key, without those that are being written. */
  keys(prefix: string): AsyncIterable<{ key: string; bytes: number }>;
  /**
   * Removes what killed processes have left of writes: those to which nothing was added since a time. Where the store tells only
   * when a write began, a day longer is waited.
   */
  removeUnfinished(since: Date): Promise<{ removed: number }>;
}

/** There is no file at a key. */
export class NotStored extends Error {
  readonly key: string;

  constructor(key: string) {
    super(`Nothing is stored at ${key}`);
    this.key = key;
  }
}

const KEY = /^[A-Za-z0-9_][A-Za-z0-9_.-]*(\/[A-Za-z0-9_][A-Za-z0-9_.-]*)*$/;

/** The key itself. Throws for what is none, such as a way out of the store. */
export function checkedKey(key: string): string {
  if (!KEY.test(key) || key.length > 500) throw new Error(`No key: ${key}`);
  return key;
}

/** The prefix itself. Throws for what is none: that of the whole store, say, which nobody means to remove. */
export function checkedPrefix(prefix: string): string {
  if (!prefix.endsWith('/')) throw new Error(`No prefix: ${prefix}`);
  checkedKey(prefix.slice(0, -1));
  return prefix;
}

export type StoragePlace =
  | { kind: 'disk'; folder: string }
  | {
      kind: 's3';
      endpoint: string;
      bucket: string;
      region: string;
      pathStyle: boolean;
      credentials: { accessKeyId: string; secretAccessKey: string };
    };
