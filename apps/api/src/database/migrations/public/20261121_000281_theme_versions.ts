import type { Knex } from 'knex';

/**
 * The colours that schools have had, who chose them and when, and those that are being tried. Beside the school and not in its
 * schema: publishing writes the school's row, which visitors' pages are made of, in the same transaction.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.theme_versions (
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      version integer NOT NULL,
      primary_color text NOT NULL,
      secondary_color text NOT NULL,
      -- The earlier version that it brought back.
      from_version integer,
      -- Both null: of before anything was put down.
      published_by uuid,
      published_by_name text,
      published_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (tenant_id, version)
    );
    CREATE TABLE public.theme_drafts (
      tenant_id uuid PRIMARY KEY REFERENCES public.tenants (id) ON DELETE CASCADE,
      primary_color text NOT NULL,
      secondary_color text NOT NULL,
      updated_by uuid,
      updated_by_name text NOT NULL,
      updated_at timestamptz NOT NULL DEFAULT now()
    );
    -- Moves with every change of the draft, and of what it would take the place of: also when there is no draft.
    ALTER TABLE public.tenants ADD COLUMN branding_version integer NOT NULL DEFAULT 0;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.tenants DROP COLUMN branding_version;
    DROP TABLE public.theme_drafts, public.theme_versions;
  `);
}
