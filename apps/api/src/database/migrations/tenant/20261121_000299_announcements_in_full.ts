import type { Knex } from 'knex';

/** Announcements from the draft to the end: for whom, when, with which files, and who has read them. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE announcements
      ADD COLUMN status text NOT NULL DEFAULT 'published'
        CHECK (status IN ('draft', 'submitted', 'scheduled', 'published')),
      ADD COLUMN publish_at timestamptz,
      ADD COLUMN published_at timestamptz,
      ADD COLUMN expires_at timestamptz,
      ADD COLUMN public boolean NOT NULL DEFAULT false,
      ADD COLUMN audience_roles text[] NOT NULL DEFAULT '{}',
      ADD COLUMN audience_groups uuid[] NOT NULL DEFAULT '{}',
      ADD COLUMN note text`);
  await knex.raw('UPDATE announcements SET published_at = created_at');
  await knex.raw('DROP INDEX announcements_order_index');
  await knex.raw(
    "CREATE INDEX announcements_order_index ON announcements (pinned DESC, published_at DESC, id) WHERE status = 'published'",
  );
  await knex.raw(
    "CREATE INDEX announcements_unpublished_index ON announcements (status) WHERE status <> 'published'",
  );
  // An index instead of a column: nothing more is stored, copied or restored.
  await knex.raw(
    "CREATE INDEX announcements_words_index ON announcements USING gin (to_tsvector('tenant_api.preau_french', title || ' ' || body))",
  );
  await knex.raw(`
    CREATE TABLE announcement_files (
      announcement_id uuid NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
      media_id uuid NOT NULL REFERENCES media_files (id) ON DELETE CASCADE,
      position smallint NOT NULL,
      PRIMARY KEY (announcement_id, media_id)
    )`);
  await knex.raw('CREATE INDEX announcement_files_media_index ON announcement_files (media_id)');
  await knex.raw(`
    CREATE TABLE announcement_reads (
      announcement_id uuid NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      read_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (announcement_id, user_id)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE announcement_reads');
  await knex.raw('DROP TABLE announcement_files');
  await knex.raw('DROP INDEX announcements_words_index');
  await knex.raw('DROP INDEX announcements_unpublished_index');
  await knex.raw('DROP INDEX announcements_order_index');
  await knex.raw("DELETE FROM announcements WHERE status <> 'published'");
  await knex.raw(`
    ALTER TABLE announcements DROP COLUMN status, DROP COLUMN publish_at, DROP COLUMN published_at, DROP COLUMN expires_at,
      DROP COLUMN public, DROP COLUMN audience_roles, DROP COLUMN audience_groups, DROP COLUMN note`);
  await knex.raw(
    'CREATE INDEX announcements_order_index ON announcements (pinned DESC, created_at DESC, id)',
  );
}
