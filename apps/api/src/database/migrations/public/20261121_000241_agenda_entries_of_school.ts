import type { Knex } from 'knex';

/** What a school shares goes with the school by its own key, and not only by way of its events. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE public.agenda_entries ADD CONSTRAINT agenda_entries_tenant_fkey
       FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE;
     -- Of the picture that the school shows of itself; null while it has none.
     ALTER TABLE public.directory_profiles ADD COLUMN img_version text`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(
    `ALTER TABLE public.directory_profiles DROP COLUMN img_version;
     ALTER TABLE public.agenda_entries DROP CONSTRAINT agenda_entries_tenant_fkey`,
  );
}
