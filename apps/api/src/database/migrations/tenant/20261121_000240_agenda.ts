import type { Knex } from 'knex';

/**
 * What happens in the school. Times are those of the clock on its wall, as text without offset; the occurrences are the instants
 * that come of them, so that a period is one range of one index.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE events (
      id uuid PRIMARY KEY,
      title text NOT NULL,
      description text NOT NULL DEFAULT '',
      place text NOT NULL DEFAULT '',
      all_day boolean NOT NULL,
      local_start text NOT NULL,
      local_end text NOT NULL,
      time_zone text NOT NULL,
      recurrence text,
      visibility text NOT NULL DEFAULT 'school',
      audience_roles text[] NOT NULL DEFAULT '{}',
      audience_groups uuid[] NOT NULL DEFAULT '{}',
      tags text[] NOT NULL DEFAULT '{}',
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )`);
  await knex.raw("CREATE INDEX events_shared_index ON events (id) WHERE visibility <> 'school'");
  await knex.raw(`
    CREATE TABLE event_exceptions (
      event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      day date NOT NULL,
      cancelled boolean NOT NULL DEFAULT false,
      title text,
      description text,
      place text,
      all_day boolean,
      local_start text,
      local_end text,
      PRIMARY KEY (event_id, day)
    )`);
  await knex.raw(`
    CREATE TABLE event_occurrences (
      event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      day date NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      PRIMARY KEY (event_id, day)
    )`);
  await knex.raw(
    'CREATE INDEX event_occurrences_time_index ON event_occurrences (starts_at, event_id) INCLUDE (ends_at)',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE event_occurrences');
  await knex.raw('DROP TABLE event_exceptions');
  await knex.raw('DROP TABLE events');
}
