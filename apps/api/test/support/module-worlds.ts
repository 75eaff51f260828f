import type { ModuleKey } from '@preau/contracts/modules';
import sharp from 'sharp';
import { expect } from 'vitest';
import { createSchool, type School } from './builders.ts';
import { schoolAdmin, superadmin, visitor, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';
import { currentYear, sendImport } from './roster-samples.ts';
import { uploadFile } from './upload.ts';

export interface ModuleWorld {
  /** Tables of the school that hold something of it in the end. */
  tables: readonly string[];
  /** Makes what its jobs would work on. @returns the payload for each kind of job that it has, so that a new one is missed. */
  fill(t: TestApp, school: School, head: Client): Promise<Record<string, object>>;
  /** What others than the school are shown of it. */
  outside?(t: TestApp, school: School): Promise<unknown>;
  /** What that is while nothing is shown. */
  unseen?: unknown;
  /** What its jobs have done once it was on again. */
  went?(t: TestApp, school: School, head: Client): Promise<void>;
}

const created = ({ status, body, text }: Awaited<ReturnType<Client['post']>>): string => {
  if (status !== 201) throw new Error(`It answered ${status}: ${text}`);
  return body.id ?? body.results[0].id;
};
const soon = () => new Date(Date.now() + 3_600_000).toISOString();
const spring = { from: '2027-03-01', to: '2027-04-01' };

/** What there is of a module besides what its own routes make: for those that have jobs, or show themselves elsewhere. */
export const MODULE_WORLDS: Partial<Record<ModuleKey, ModuleWorld>> = {
  announcements: {
    tables: ['announcements'],
    async fill(t, school, head) {
      created(await head.post('/announcements/', { title: 'Portes ouvertes', body: 'x', public: true }));
      const id = created(
        await head.post('/announcements/', { title: 'À son heure', body: 'x', publish_at: soon() }),
      );
      await t.sql(`UPDATE ${school.schemaName}.announcements SET publish_at = now() WHERE id = $1`, [id]);
      await t.sql('UPDATE public.announcements_due SET due_at = now() WHERE announcement_id = $1', [id]);
      return { 'announcements.publish': {}, 'announcements.replan': {} };
    },
    async went(_t, _school, head) {
      const { body } = await head.get('/announcements/', { query: { search: 'heure' } });
      expect(body.results).toMatchObject([{ title: 'À son heure', status: 'published' }]);
    },
  },

  agenda: {
    tables: ['events'],
    async fill(t, school, head) {
      const network = await createSchool(t, { school_type: 'network' });
      const root = await superadmin(t);
      await root.patch(`/tenants/${school.id}/`, { network: network.subdomain });
      await head.patch('/network/profile/', { listed: true });
      created(
        await head.post('/events/', {
          title: 'Kermesse',
          visibility: 'public',
          starts_at: '2027-03-10T18:00',
          ends_at: '2027-03-10T20:00',
        }),
      );
      return {};
    },
    async outside(t, school) {
      const anyone = visitor(t, t.base);
      const [row] = await t.sql<{ subdomain: string }>(
        `SELECT n.subdomain FROM public.tenants t JOIN public.tenants n ON n.id = t.network_id WHERE t.id = $1`,
        [school.id],
      );
      const network = `${row?.subdomain}.${t.base}`;
      const member = await schoolAdmin(t, { host: network, ...(await idOf(t, row?.subdomain ?? '')) });
      const titles = async (client: Client, path: string) =>
        (await client.get(path, { query: { ...spring, school: school.id } })).body.results.map(
          ({ title }: { title: string }) => title,
        );
      return {
        base: await titles(anyone, '/agenda/'),
        file: (await anyone.get('/agenda.ics', { query: spring })).text.includes('Kermesse'),
        network: await titles(anyone.at(network), '/agenda/'),
        members: await titles(member, '/network/agenda/'),
        said: (await anyone.get(`/directory/${school.id}/`)).body.has_agenda,
      };
    },
    unseen: { base: [], file: false, network: [], members: [], said: false },
  },

  messaging: {
    tables: ['conversations', 'messages', 'message_files'],
    fill: async () => ({ 'messaging.forget': {} }),
  },

  media: {
    tables: ['media_files'],
    async fill(_t, _school, head) {
      const picture = await sharp({ create: { width: 64, height: 40, channels: 3, background: '#2E7D32' } })
        .png()
        .toBuffer();
      const media_id = created(await uploadFile(head, 'cour.png', picture));
      return { 'media.variants': { media_id }, 'media.sweep': {}, 'media.empty_trash': {} };
    },
    async went(t, school) {
      const [made] = await t.sql(`SELECT count(*)::int AS variants FROM ${school.schemaName}.media_variants`);
      expect(made?.['variants']).toBeGreaterThan(0);
    },
  },

  student_records: {
    tables: ['students', 'classes', 'guardians', 'staff_records', 'school_years', 'student_imports'],
    async fill(t, school, head) {
      await currentYear(head);
      const { body } = await sendImport(head, 'Nom;Prénom;INE\nExemple;Confirmée;99');
      // The import waits for a worker, of which there is none.
      expect((await head.post(`/student-imports/${body.id}/confirm/`)).status).toBe(202);
      const [row] = await t.sql<{ id: string }>(`SELECT id FROM ${school.schemaName}.students LIMIT 1`);
      return {
        'student_records.import': { import_id: body.id },
        'student_records.keep_groups': { record_id: row?.id },
      };
    },
    async went(_t, _school, head) {
      const { body } = await head.get('/students/', { query: { search: 'confirmee' } });
      expect(body.count).toBe(1);
    },
  },
};

async function idOf(t: TestApp, subdomain: string): Promise<Omit<School, 'host'>> {
  const [row] = await t.sql<{ id: string; schema_name: string }>(
    'SELECT id, schema_name FROM public.tenants WHERE subdomain = $1',
    [subdomain],
  );
  const { id = '', schema_name: schemaName = '' } = row ?? {};
  return { id, subdomain, schemaName, ref: { id, schemaName }, invitation: '' };
}
