import { createSeeded } from '../seeded.ts';

/** One thing to do. Everything random is in here, so that a seed gives the same list on any machine. */
export interface Step {
  kind: Kind;
  school: number;
  /** Another school: the one that must not be reached, or the next of a round. */
  other: number;
  /** Ids of rows to write. */
  ids: string[];
  /** Where a list begins. */
  from: string;
  /** Whatever else has to be chosen: which fault, which backend. */
  die: number;
}

/** How often each is done, in a thousand. */
const WEIGHTS = {
  read: 190,
  burst: 90,
  write: 150,
  graph: 60,
  eager: 60,
  savepoint: 50,
  rollback: 60,
  broken: 40,
  swallowed: 20,
  timeout: 20,
  'row lock': 40,
  'no role': 15,
  trespass: 40,
  bare: 40,
  central: 30,
  'for each': 20,
  'http list': 40,
  'http write': 25,
  'kill backend': 6,
  'cut line': 2,
  'cut server line': 2,
} as const;
export type Kind = keyof typeof WEIGHTS;

/** The steps of a run, one after the other; made as they are asked for, since a long run has millions. */
export function* plan(seed: number, count: number, schools: number): Generator<Step> {
  const random = createSeeded(seed);
  for (let made = 0; made < count; made++) {
    const kind = random.weighted(WEIGHTS);
    const school = random.whole(schools);
    yield {
      kind,
      school,
      other: (school + 1 + random.whole(schools - 1)) % schools,
      ids: Array.from({ length: 1 + random.whole(4) }, () => random.uuid()),
      from: random.uuid(),
      die: random.whole(1_000),
    };
  }
}
