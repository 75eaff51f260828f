import type { Knex } from 'knex';

/** Files of messages: a feature may keep files of its own, which the library does not show. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Null: of the library. Else the one feature that reads, shows and deletes it.
    ALTER TABLE media_files ADD COLUMN kept_by text`);
  await knex.raw(
    'CREATE INDEX media_files_kept_index ON media_files (kept_by, created_at) WHERE kept_by IS NOT NULL',
  );
  await knex.raw(`
    CREATE TABLE message_files (
      -- A file is one message's: it goes with it.
      media_id uuid PRIMARY KEY REFERENCES media_files (id) ON DELETE CASCADE,
      message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      position smallint NOT NULL
    )`);
  await knex.raw('CREATE INDEX message_files_message_index ON message_files (message_id, position)');
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE message_files');
  // Without the column the whole staff would see them. Their bytes are what `preau media verify --repair` finds.
  await knex.raw(
    'DELETE FROM media_variants v USING media_files f WHERE f.id = v.media_id AND f.kept_by IS NOT NULL',
  );
  await knex.raw('DELETE FROM media_files WHERE kept_by IS NOT NULL');
  await knex.raw('DROP INDEX media_files_kept_index');
  await knex.raw('ALTER TABLE media_files DROP COLUMN kept_by');
}
