import type { Endings } from './endings.ts';
import type { Result } from './report.ts';

export interface ScenarioContext {
  /** A few seconds only, for CI: the figures then say that it works, not how fast it is. */
  short: boolean;
  /** Whoever chooses at random chooses the same by the same seed, and says which it was. */
  seed: number;
  /** Everything started is stopped here. */
  endings: Endings;
  /** Says what is being done, to a person who waits. */
  progress(step: string): void;
}

export interface Measured {
  /** Versions only this scenario knows. */
  versions: Record<string, string>;
  results: Result[];
}

export type Scenario = (context: ScenarioContext) => Promise<Measured>;
