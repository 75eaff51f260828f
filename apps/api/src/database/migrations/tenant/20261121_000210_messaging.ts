import type { Knex } from 'knex';

/** Conversations of a school's members. Names are kept as they were: what was said outlives an account. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE conversations (
      id uuid PRIMARY KEY,
      subject text,
      -- Everybody who is in the group, as long as they are.
      group_id uuid REFERENCES groups (id) ON DELETE SET NULL,
      replies boolean NOT NULL DEFAULT true,
      -- Both ids of a conversation of two, which is one for ever.
      pair text,
      created_by uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_message_at timestamptz NOT NULL DEFAULT now()
    )`);
  await knex.raw('CREATE UNIQUE INDEX conversations_pair_key ON conversations (pair) WHERE pair IS NOT NULL');
  await knex.raw(
    'CREATE INDEX conversations_group_index ON conversations (group_id) WHERE group_id IS NOT NULL',
  );
  await knex.raw(`
    CREATE TABLE conversation_people (
      conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      full_name text NOT NULL,
      role text NOT NULL,
      -- False: only what they have read is kept here; they see it as members of the group.
      invited boolean NOT NULL DEFAULT true,
      added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      read_at timestamptz,
      PRIMARY KEY (conversation_id, user_id)
    )`);
  await knex.raw('CREATE INDEX conversation_people_user_index ON conversation_people (user_id)');
  await knex.raw(`
    CREATE TABLE messages (
      id uuid PRIMARY KEY,
      conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      author_id uuid NOT NULL,
      author_name text NOT NULL,
      body text,
      client_id uuid,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )`);
  await knex.raw('CREATE INDEX messages_conversation_index ON messages (conversation_id, id)');
  await knex.raw('CREATE INDEX messages_age_index ON messages (created_at)');
  await knex.raw(
    'CREATE UNIQUE INDEX messages_client_key ON messages (author_id, client_id) WHERE client_id IS NOT NULL',
  );
  await knex.raw(`
    CREATE TABLE message_reports (
      id uuid PRIMARY KEY,
      message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      reporter_id uuid NOT NULL,
      reporter_name text NOT NULL,
      reason text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      resolved_at timestamptz
    )`);
  await knex.raw('CREATE UNIQUE INDEX message_reports_once_key ON message_reports (message_id, reporter_id)');
  await knex.raw(`
    CREATE TABLE messaging_settings (
      id integer PRIMARY KEY CHECK (id = 1),
      pairs jsonb NOT NULL,
      retention_days integer NOT NULL
    )`);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'messaging_settings',
    'message_reports',
    'messages',
    'conversation_people',
    'conversations',
  ])
    await knex.raw(`DROP TABLE ${table}`);
}
