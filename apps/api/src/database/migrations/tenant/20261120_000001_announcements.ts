import type { Knex } from 'knex';

/**
 * News of the school. The author is a person of the platform: no foreign key leaves the schema, and the name is kept
 * as it was, so that an announcement outlives its author's account.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE announcements (
      id uuid PRIMARY KEY,
      title text NOT NULL,
      body text NOT NULL,
      pinned boolean NOT NULL DEFAULT false,
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )`);
  await knex.raw(
    'CREATE INDEX announcements_order_index ON announcements (pinned DESC, created_at DESC, id)',
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE announcements');
}
