import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { v7 as uuidv7 } from 'uuid';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { newTenantBody } from '../../test/support/builders.ts';
import type { Installation } from '../installation.ts';

/** Makes a school with rows and files that are like no others. */
export async function makeSchool(
  { services, admin }: Installation,
  subdomain: string,
  { rows, files }: { rows: number; files: number },
): Promise<string> {
  const { tenant } = await services.tenants.create(OPERATOR, newTenantBody({ subdomain }));
  await services.provisioning.provision(OPERATOR, tenant.id);
  const ref = { id: tenant.id, schemaName: tenant.schema_name };
  await services.tenancy.write(ref, ({ trx }) =>
    trx.raw(
      `INSERT INTO announcements (id, title, body, author_name)
       SELECT gen_random_uuid(), 'n ' || n, repeat(md5(n::text), 20), 'Somebody' FROM generate_series(1, ?) n`,
      [rows],
    ),
  );
  for (let at = 0; at < files; at += 1) {
    const id = uuidv7();
    const key = `mediafiles/tenant_${tenant.id}/documents/${id}.bin`;
    const content = randomBytes(20_000 + at);
    await services.storage.write(key, Readable.from([content], { objectMode: false }));
    await services.tenancy.write(ref, ({ trx }) =>
      trx.raw(
        `INSERT INTO media_files (id, folder, name, media_type, bytes, sha256, storage_key, uploader_name)
         VALUES (?, 'documents', 'f.bin', 'application/octet-stream', ?, '', ?, 'Somebody')`,
        [id, content.length, key],
      ),
    );
  }
  await admin.query(
    `UPDATE public.tenant_usage SET storage_bytes = (SELECT sum(bytes) FROM ${tenant.schema_name}.media_files) WHERE tenant_id = $1`,
    [tenant.id],
  );
  return tenant.id;
}

/** A digest of all rows and files of a school, made past the product; null when the school is not there. */
export async function digestOf({ admin, dataDir }: Installation, id: string): Promise<string | null> {
  const { rows: found } = await admin.query<{ schema_name: string; facts: string }>(
    `SELECT schema_name, concat_ws('|', name, subdomain, status, settings, u.storage_bytes) AS facts
     FROM public.tenants t JOIN public.tenant_usage u ON u.tenant_id = t.id WHERE t.id = $1`,
    [id],
  );
  const school = found[0];
  if (!school) return null;
  const hash = createHash('sha256').update(school.facts);
  for (const table of ['announcements', 'media_files', 'media_variants']) {
    const { rows } = await admin.query<{ sum: string }>(
      `SELECT md5(coalesce(string_agg(r::text, '' ORDER BY r::text COLLATE "C"), '')) AS sum FROM ${school.schema_name}.${table} r`,
    );
    hash.update(rows[0]?.sum ?? '');
  }
  const folder = join(dataDir, 'mediafiles', `tenant_${id}`);
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }) : [];
  for (const name of names.toSorted()) {
    const path = join(folder, name);
    if (statSync(path).isFile()) hash.update(name).update(readFileSync(path));
  }
  return hash.digest('hex');
}
