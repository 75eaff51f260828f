import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { storagePrefix } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { addMember, type School } from './builders.ts';
import type { TestApp } from './harness.ts';

const nasty = ['tab\there', 'back\\slash', 'line\nfeed', '\\N', 'é𝄞 «»', 'quote\'s "double"', '\r\n\\.', ''];

/** Fills a school with people, rows and files, none like another. */
export async function fillSchool(
  t: TestApp,
  school: School,
  { rows, files }: { rows: number; files: number },
): Promise<void> {
  const people: { id: string; full_name: string }[] = [];
  for (const role of ['admin', 'teacher', 'student', 'parent', 'staff'] as const)
    people.push(await addMember(t, school, role));
  await t.services.tenancy.write(school.ref, async ({ trx }) => {
    for (let at = 0; at < rows; at += 1) {
      const { id, full_name: name } = people[at % people.length] ?? { id: null, full_name: '' };
      await trx.raw(
        'INSERT INTO announcements (id, title, body, pinned, author_id, author_name) VALUES (?, ?, ?, ?, ?, ?)',
        [
          uuidv7(),
          `${nasty[at % nasty.length]} ${at}`,
          nasty[(at * 3) % nasty.length]?.repeat(at % 50) ?? '',
          at % 7 === 0,
          id,
          name,
        ] as never,
      );
    }
  });
  const head = people[0] ?? null;
  await t.sql(
    `INSERT INTO public.theme_versions (tenant_id, version, primary_color, secondary_color, logo, from_version, published_by,
       published_by_name)
     SELECT $1, n, '#2E7D32', '#123456', NULLIF(md5(n::text), md5('1')), NULLIF(n - 1, 0), $2, $3 FROM generate_series(1, 3) n ON CONFLICT DO NOTHING`,
    [school.id, head?.id, head?.full_name],
  );
  await t.sql(
    `INSERT INTO public.theme_drafts (tenant_id, primary_color, secondary_color, favicon, updated_by, updated_by_name)
     VALUES ($1, '#4E342E', '#123456', md5('tried'), $2, $3) ON CONFLICT DO NOTHING`,
    [school.id, head?.id, head?.full_name],
  );
  await addFiles(t, school, files);
}

/** Files with rows that speak of them. */
export async function addFiles(t: TestApp, school: School, files: number): Promise<void> {
  const [there] = await t.sql('SELECT to_regclass($1) IS NOT NULL AS there', [
    `${school.schemaName}.media_files`,
  ]);
  if (!there?.['there']) return;
  const prefix = storagePrefix(school);
  for (let at = 0; at < files; at += 1) {
    const id = uuidv7();
    const content = Buffer.from(`file ${at} of ${school.subdomain} `.repeat(1 + (at % 40)));
    const key = `${prefix}documents/${id}.txt`;
    await t.services.storage.write(key, Readable.from([content], { objectMode: false }));
    await t.services.tenancy.write(school.ref, ({ trx }) =>
      trx.raw(
        `INSERT INTO media_files (id, folder, name, media_type, bytes, sha256, storage_key, uploader_name) VALUES (?, 'documents', ?, 'text/plain', ?, ?, ?, 'Somebody')`,
        [
          id,
          `Devoir ${at}.txt`,
          content.length,
          createHash('sha256').update(content).digest('hex'),
          key,
        ] as never,
      ),
    );
  }
  await t.sql(
    `UPDATE public.tenant_usage SET storage_bytes = storage_bytes + (SELECT coalesce(sum(bytes), 0) FROM ${school.schemaName}.media_files) WHERE tenant_id = $1`,
    [school.id],
  );
}

/** All that a school has, looked at past the product: by the superuser, and in the folder of files. */
export async function contentOf(t: TestApp, { id, schemaName }: Pick<School, 'id' | 'schemaName'>) {
  const tables = await t.sql<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = $1::text::regnamespace AND relkind = 'r' ORDER BY 1",
    [schemaName],
  );
  const rows: Record<string, unknown> = {};
  for (const { name } of tables)
    rows[name] = await t.sql(`SELECT md5(r::text) AS md5 FROM ${schemaName}.${name} r ORDER BY 1`);
  const looks = await t.sql(
    `SELECT to_jsonb(v) - 'tenant_id' AS look FROM public.theme_versions v WHERE tenant_id = $1
     UNION ALL SELECT to_jsonb(d) - 'tenant_id' FROM public.theme_drafts d WHERE tenant_id = $1 ORDER BY 1`,
    [id],
  );
  const sequences = await t.sql(
    'SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = $1 ORDER BY 1',
    [schemaName],
  );
  const folder = join(t.dataDir, 'mediafiles', `tenant_${id}`);
  const files: Record<string, string> = {};
  for (const path of existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : []) {
    const whole = join(folder, path);
    if (statSync(whole).isFile())
      files[path] = createHash('sha256').update(readFileSync(whole)).digest('hex');
  }
  const [school] = await t.sql(
    `SELECT subdomain, name, school_type, email, phone, address, city, uai, primary_color, modules_enabled, settings, max_students,
       max_storage_gb, network_id, status, created_on FROM public.tenants WHERE id = $1`,
    [id],
  );
  const members = await t.sql(
    `SELECT u.id, u.email, u.full_name, m.role, m.status, m.title, m.phone, m.created_at FROM public.memberships m
     JOIN public.users u ON u.id = m.user_id WHERE m.tenant_id = $1 ORDER BY u.id`,
    [id],
  );
  const [usage] = await t.sql(
    'SELECT total_users, student_count, admin_count, storage_bytes FROM public.tenant_usage WHERE tenant_id = $1',
    [id],
  );
  const domains = await t.sql(
    'SELECT domain, kind, is_primary FROM public.domains WHERE tenant_id = $1 ORDER BY 1',
    [id],
  );
  return { rows, sequences, files, looks, school, members, usage, domains };
}
