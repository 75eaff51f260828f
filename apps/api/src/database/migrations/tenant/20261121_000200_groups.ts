import type { Knex } from 'knex';

/** Groups of a school's members. One with a source is kept by another feature, and not edited by hand. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE groups (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      description text NOT NULL DEFAULT '',
      -- Who keeps it ('class'), and what it is there.
      source text,
      source_id uuid,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1,
      CHECK ((source IS NULL) = (source_id IS NULL))
    )`);
  await knex.raw('CREATE UNIQUE INDEX groups_name_key ON groups (lower(name)) WHERE source IS NULL');
  await knex.raw(
    'CREATE UNIQUE INDEX groups_source_key ON groups (source, source_id) WHERE source IS NOT NULL',
  );
  await knex.raw(`
    CREATE TABLE group_members (
      group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      -- Counts only if later than the membership of the school: who leaves and comes back is in no group of before.
      added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (group_id, user_id)
    )`);
  await knex.raw('CREATE INDEX group_members_user_index ON group_members (user_id)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE group_members');
  await knex.raw('DROP TABLE groups');
}
