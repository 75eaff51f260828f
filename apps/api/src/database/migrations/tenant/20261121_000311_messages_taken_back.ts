import type { Knex } from 'knex';

/** A message that was reported and is then taken back stays for whoever deals with the report, and for nobody else. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE messages ADD COLUMN taken_back_at timestamptz');
}

export async function down(knex: Knex): Promise<void> {
  // Without the column everybody would read them again.
  await knex.raw('UPDATE messages SET body = NULL WHERE taken_back_at IS NOT NULL');
  await knex.raw('ALTER TABLE messages DROP COLUMN taken_back_at');
}
