/** One socket to be opened. */
export interface Opening {
  /** Its name here. */
  key: string;
  url: string;
  /** Number of the school that it belongs to. */
  school: number;
  headers: Record<string, string>;
  auth: Record<string, string>;
}

/** What the process of the sockets is told. */
export type Order =
  | { do: 'open'; sockets: Opening[]; atOnce: number }
  /** How often a message is to be heard here before that is reported. */
  | { do: 'expect'; mark: string; times: number }
  | { do: 'count' };

export interface Counts {
  connected: number;
  /** Messages that were heard by a socket of another school than theirs. */
  astray: number;
}

/** What it answers, and what it says of its own accord. Moments are of the monotonic clock. */
export type Said =
  | { opened: number; milliseconds: number; failed: string[] }
  | { heard: string; at: number[] }
  | { closed: string; code: string; at: number }
  | { counts: Counts };
