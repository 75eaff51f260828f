import type { Knex } from 'knex';

/** Requests for schools, from an address that is to be proved to a school that is there. Of every secret its hash alone. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.signups (
      id uuid PRIMARY KEY,
      status text NOT NULL DEFAULT 'asked' CHECK (status IN
        ('asked', 'proved', 'waiting', 'approved', 'open', 'failed', 'refused', 'withdrawn')),
      email text NOT NULL CHECK (email = lower(email)),
      -- The address without what is after a plus sign: one person, however they spell it.
      mailbox text NOT NULL,
      ip inet,
      language text NOT NULL CHECK (language IN ('fr', 'en')),
      full_name text NOT NULL,
      school_name text NOT NULL,
      school_type text NOT NULL CHECK (school_type IN ('ecole', 'college', 'lycee', 'lycee_pro')),
      code_hash bytea NOT NULL,
      wrong_codes integer NOT NULL DEFAULT 0,
      -- Of the proof.
      expires_at timestamptz NOT NULL,
      subdomain text,
      phone text,
      address text,
      postal_code text,
      city text,
      website text,
      uai text,
      message text,
      -- Times that it was asked whether a name is free.
      checks integer NOT NULL DEFAULT 0,
      automatic boolean NOT NULL DEFAULT false,
      reason text,
      failure text,
      decided_by text,
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      created_at timestamptz NOT NULL DEFAULT now(),
      submitted_at timestamptz,
      decided_at timestamptz,
      version integer NOT NULL DEFAULT 1,
      CHECK (status IN ('asked', 'proved', 'withdrawn') OR subdomain IS NOT NULL)
    );
    -- A name is one request's from the moment it is handed in; from the moment its school is entered, the school's.
    CREATE UNIQUE INDEX signups_subdomain_key ON public.signups (subdomain) WHERE status IN ('waiting', 'approved');
    CREATE INDEX signups_created_index ON public.signups (created_at);
    CREATE INDEX signups_mailbox_index ON public.signups (mailbox, created_at);
    CREATE INDEX signups_status_index ON public.signups (status, submitted_at);
    CREATE INDEX signups_tenant_index ON public.signups (tenant_id);

    -- What opens a request to whoever made it: the mailed links, and what the six digits were exchanged for.
    CREATE TABLE public.signup_keys (
      key_hash bytea PRIMARY KEY,
      signup_id uuid NOT NULL REFERENCES public.signups (id) ON DELETE CASCADE
    );
    CREATE INDEX signup_keys_signup_index ON public.signup_keys (signup_id);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.signup_keys, public.signups');
}
