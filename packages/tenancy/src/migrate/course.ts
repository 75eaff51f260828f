import type { Knex } from 'knex';
import { migrationsAfter, type Ladder, type Migration } from './ladder.ts';
import { recordedText } from './recorded-text.ts';

/** A way from one version to another on a ladder. */
export interface Course {
  from: string | null;
  to: string | null;
  /** Names in the order they are run. */
  names: string[];
  /** All its statements as one text; null where a migration does more than plain statements. */
  text: string | null;
  run(trx: Knex.Transaction): Promise<void>;
}

/** Ways along one ladder, each worked out once. */
export interface Courses {
  /**
   * From a version to the head; null when it is there.
   * @throws Error when the version is not on the ladder: the schema was migrated by newer code.
   */
  up(from: string | null): Promise<Course | null>;
  /**
   * From a version back to an earlier one; null when it is there.
   * @throws Error when either version is not on the ladder, or `to` is the later one.
   */
  down(from: string | null, to: string | null): Promise<Course | null>;
}

async function course(
  from: string | null,
  to: string | null,
  migrations: readonly Migration[],
  direction: 'up' | 'down',
): Promise<Course | null> {
  if (migrations.length === 0) return null;
  return {
    from,
    to,
    names: migrations.map(({ name }) => name),
    text: await recordedText(migrations, direction),
    async run(trx) {
      for (const migration of migrations) await migration[direction](trx);
    },
  };
}

/** Works out ways along a ladder. */
export function createCourses(ladder: Ladder): Courses {
  const known = new Map<string, Promise<Course | null>>();
  const once = (key: unknown[], make: () => Promise<Course | null>) => {
    const name = JSON.stringify(key);
    let found = known.get(name);
    if (!found) known.set(name, (found = make()));
    return found;
  };
  return {
    up: (from) =>
      once(['up', from], async () => {
        const missing = migrationsAfter(ladder, from);
        return course(from, missing.at(-1)?.name ?? from, missing, 'up');
      }),
    down: (from, to) =>
      once(['down', from, to], async () => {
        const above = migrationsAfter(ladder, to);
        const beyond = migrationsAfter(ladder, from);
        if (beyond.length > above.length) throw new Error(`Version ${to} is later than ${from}`);
        return course(from, to, above.slice(0, above.length - beyond.length).toReversed(), 'down');
      }),
  };
}
