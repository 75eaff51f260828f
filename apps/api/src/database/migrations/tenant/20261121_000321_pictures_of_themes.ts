import type { Knex } from 'knex';

/**
 * A school's logo and favicon are the branding's own files: several of each, for the draft and the history. Those from before
 * keep their purpose, by which an older version of the product finds them again; no other has one.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw("UPDATE media_files SET kept_by = 'branding' WHERE purpose IN ('logo', 'favicon')");
  await knex.raw('DROP INDEX media_files_purpose_index');
  await knex.raw(`
    CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL AND kept_by IS NULL`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw("UPDATE media_files SET kept_by = NULL WHERE purpose IN ('logo', 'favicon')");
  await knex.raw('DROP INDEX media_files_purpose_index');
  await knex.raw(
    'CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL',
  );
}
