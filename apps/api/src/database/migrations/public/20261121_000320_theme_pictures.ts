import type { Knex } from 'knex';

/**
 * Logo and favicon become part of a theme: tried in the draft, published with the colours, brought back with them. What is written
 * down of a picture is what its public address ends in; the files are the school's own.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.theme_versions ADD COLUMN logo text, ADD COLUMN favicon text;
    ALTER TABLE public.theme_drafts ADD COLUMN logo text, ADD COLUMN favicon text;
    -- Before, they were no part of a version: going back to one left them as they were, and so it does.
    UPDATE public.theme_versions v SET logo = substring(t.logo_url FROM 'v=([0-9a-f]+)$'),
      favicon = substring(t.favicon_url FROM 'v=([0-9a-f]+)$')
    FROM public.tenants t WHERE t.id = v.tenant_id;
    UPDATE public.theme_drafts d SET logo = substring(t.logo_url FROM 'v=([0-9a-f]+)$'),
      favicon = substring(t.favicon_url FROM 'v=([0-9a-f]+)$')
    FROM public.tenants t WHERE t.id = d.tenant_id;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE public.theme_drafts DROP COLUMN logo, DROP COLUMN favicon;
    ALTER TABLE public.theme_versions DROP COLUMN logo, DROP COLUMN favicon;
  `);
}
