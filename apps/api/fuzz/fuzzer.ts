import type { Endings } from '../bench/endings.ts';
import type { Result } from '../bench/report.ts';

export interface FuzzerContext {
  /** Operations; undefined for the fuzzer's own number. */
  count: number | undefined;
  seed: number;
  /** Everything started is stopped here. */
  endings: Endings;
  progress(step: string): void;
}

/** Generates traffic, and answers what it counted and what it found. */
export type Fuzzer = (context: FuzzerContext) => Promise<Result[]>;

/** A count of what must not be. */
export const none = (name: string, value: number): Result => ({
  name,
  value,
  unit: '',
  goal: '= 0',
  holds: value === 0,
});

export const count = (name: string, value: number, unit = ''): Result => ({
  name,
  value,
  unit,
  goal: null,
  holds: null,
});
