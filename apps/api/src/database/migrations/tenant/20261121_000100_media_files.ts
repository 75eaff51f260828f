import type { Knex } from 'knex';

/**
 * Files of the school, and the smaller pictures that are made of them. The bytes are in the store, under keys that hold nothing of
 * the name that a person gave.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE media_files (
      id uuid PRIMARY KEY,
      folder text NOT NULL,
      -- Shown in the page that visitors see: 'logo' or 'favicon'.
      purpose text,
      name text NOT NULL,
      alt text NOT NULL DEFAULT '',
      media_type text NOT NULL,
      bytes bigint NOT NULL,
      sha256 text NOT NULL,
      width integer,
      height integer,
      storage_key text NOT NULL,
      uploader_id uuid,
      uploader_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      trashed_at timestamptz,
      version integer NOT NULL DEFAULT 1
    )`);
  await knex.raw(
    'CREATE INDEX media_files_trash_index ON media_files (trashed_at) WHERE trashed_at IS NOT NULL',
  );
  await knex.raw(
    'CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL',
  );
  await knex.raw(`
    CREATE TABLE media_variants (
      media_id uuid NOT NULL REFERENCES media_files (id),
      variant text NOT NULL,
      format text NOT NULL,
      bytes bigint NOT NULL,
      width integer NOT NULL,
      height integer NOT NULL,
      storage_key text NOT NULL,
      PRIMARY KEY (media_id, variant, format)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE media_variants');
  await knex.raw('DROP TABLE media_files');
}
