import type { Knex } from 'knex';

/**
 * Groups across schools, and who of a school's members a tenant's transaction may know by name: those of its own school alone,
 * which is the transaction's and not an argument.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.public_groups (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      description text NOT NULL DEFAULT '',
      -- Roles at a school whose holders may join by themselves.
      open_to text[] NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    );
    CREATE UNIQUE INDEX public_groups_name_key ON public.public_groups (lower(name));

    CREATE TABLE public.public_group_members (
      group_id uuid NOT NULL REFERENCES public.public_groups (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      tenant_id uuid NOT NULL REFERENCES public.tenants (id) ON DELETE CASCADE,
      joined_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (group_id, user_id, tenant_id),
      -- One joins as a member of a school, and is out with that.
      FOREIGN KEY (user_id, tenant_id) REFERENCES public.memberships (user_id, tenant_id) ON DELETE CASCADE
    );
    CREATE INDEX public_group_members_member_index ON public.public_group_members (user_id, tenant_id);

    CREATE FUNCTION tenant_api.active_members(ids uuid[])
    RETURNS TABLE (id uuid, full_name text, role text, since timestamptz)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT u.id, u.full_name, m.role, m.created_at
      FROM public.tenants t
      JOIN public.memberships m ON m.tenant_id = t.id AND m.status = 'active'
      JOIN public.users u ON u.id = m.user_id
      WHERE t.schema_name = current_setting('role') AND (ids IS NULL OR m.user_id = ANY (ids))
    $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION tenant_api.active_members(uuid[]);
    DROP TABLE public.public_group_members, public.public_groups;
  `);
}
