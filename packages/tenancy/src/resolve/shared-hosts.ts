/** What a shared cache holds of a host. */
export interface Found<R> {
  /** Undefined when it holds nothing. */
  row: R | undefined;
  /** Names the moment of the question; see {@link SharedHosts.keep}. */
  stamp: string;
}

/** What every process hears of, from whichever process. */
export interface Forgetting {
  tenant(id: string): void;
  host(host: string): void;
  all(): void;
}

/**
 * The cache of resolved hosts that the processes of an installation share, between their memories and the database. It holds
 * known hosts only. No verb rejects or throws: what it cannot do is done without it.
 */
export interface SharedHosts<R> {
  /** Null when it cannot be used now: down, slow, or perhaps behind. */
  find(host: string): Promise<Found<R> | null>;
  /** Keeps what the database said after `find`, unless anything was forgotten since the stamp was given. */
  keep(host: string, row: R, stamp: string): void;
  /** Forgets here, and tells every other process. One that cannot be told now makes all forget before it is used again. */
  forget: Forgetting;
  /** Tells of what others forget, and of all when some of it may have been missed. */
  listen(forgetting: Forgetting): void;
}
