import type { Knex } from 'knex';

/**
 * What people of the school are told of, a row for each of them: reading is one's own. Of the event it keeps what its sentence
 * needs; the sentence itself is made in the reader's language.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE notifications (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      kind text NOT NULL,
      -- What it is about, where a newer one takes the place of an unread one.
      subject text,
      data jsonb,
      -- False: by mail alone, as its reader chose.
      shown boolean NOT NULL DEFAULT true,
      mail_due boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      read_at timestamptz
    )`);
  await knex.raw(
    'CREATE INDEX notifications_list_index ON notifications (user_id, created_at DESC, id DESC)',
  );
  await knex.raw(
    'CREATE INDEX notifications_unread_index ON notifications (user_id, kind, subject) WHERE read_at IS NULL',
  );
  await knex.raw('CREATE INDEX notifications_mail_index ON notifications (created_at, id) WHERE mail_due');
  await knex.raw(`
    CREATE TABLE notification_choices (
      user_id uuid NOT NULL,
      kind text NOT NULL,
      in_app boolean NOT NULL,
      mail boolean NOT NULL,
      PRIMARY KEY (user_id, kind)
    )`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE notification_choices');
  await knex.raw('DROP TABLE notifications');
}
