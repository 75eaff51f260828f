import { setTimeout as delay } from 'node:timers/promises';
import { findDrift, findOrphans, storagePrefix } from '@preau/tenancy';
import type { Job } from '@preau/contracts/jobs';
import type { Installation } from '../installation.ts';

interface SchoolRow {
  id: string;
  schema_name: string;
  status: string;
  provisioned_at: Date | null;
  ready: boolean;
  version: string | null;
  runs: Pick<Job, 'status' | 'failure'>[];
  provisions: number;
  invitations: number;
}

const SETTLED_WITHIN = 60_000;

/** Waits until no job is open: each was done, or gave up. */
export async function settled({ admin }: Installation): Promise<void> {
  for (const deadline = Date.now() + SETTLED_WITHIN; ; await delay(50)) {
    const { rows } = await admin.query(
      `SELECT kind, status, attempts FROM public.jobs WHERE status IN ('queued', 'running')`,
    );
    if (rows.length === 0) return;
    if (Date.now() > deadline) throw new Error(`Jobs that do not end: ${JSON.stringify(rows)}`);
  }
}

async function schools({ admin }: Installation): Promise<SchoolRow[]> {
  const { rows } = await admin.query<SchoolRow>(
    `SELECT t.id, t.schema_name, t.status, t.provisioned_at, v.version,
       to_regnamespace(t.schema_name) IS NOT NULL AS ready,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('status', j.status, 'failure', j.failure) ORDER BY j.id), '[]')
          FROM public.jobs j WHERE j.tenant_id = t.id AND j.kind = 'tenant.provision') AS runs,
       (SELECT count(*)::int FROM public.audit_log a WHERE a.tenant_id = t.id AND a.action = 'tenant.provision') AS provisions,
       (SELECT count(*)::int FROM public.invitations i WHERE i.tenant_id = t.id AND i.revoked_at IS NULL) AS invitations
     FROM public.tenants t LEFT JOIN public.schema_versions v ON v.schema_name = t.schema_name ORDER BY t.id`,
  );
  return rows;
}

/** What is wrong with one school: it is neither whole nor as if nothing had been tried, or its report is not true. */
function wrongsOf(school: SchoolRow, folders: readonly string[], head: string | null): string[] {
  const { status, provisioned_at: at, version, runs, provisions, invitations } = school;
  const done = runs.filter((run) => run.status === 'done').length;
  const whole =
    status === 'active' &&
    version === head &&
    school.ready &&
    folders.length === 3 &&
    provisions === 1 &&
    invitations === 1 &&
    done === 1;
  const untouched =
    (status === 'pending' || status === 'failed') && folders.length === 0 && provisions === 0 && done === 0;
  if (at ? whole : untouched) return [];
  return [`${school.id}: ${JSON.stringify({ ...school, folders })}`];
}

export interface Proof {
  schools: number;
  open: number;
  /** Schools that are provisioned, and those that are as before. */
  provisioned: number;
  retryable: number;
  /** Schemas, roles, rows of versions and folders that belong to nobody. */
  orphans: string[];
  /** Schools that are neither, and reports that are not true. */
  wrongs: string[];
}

/** Looks at everything that provisioning leaves. Nobody may be at work meanwhile. */
export async function prove(installation: Installation): Promise<Proof> {
  const { database, services } = installation;
  const all = await schools(installation);
  const { rows: pool } = await installation.admin.query<{ schema_name: string }>(
    'SELECT schema_name FROM public.ready_schemas',
  );
  const built = all.filter(({ ready, provisioned_at: at }) => at !== null || ready);
  const owned = [...built, ...pool].map(({ schema_name: name }) => name);
  const { rows: roles } = await installation.admin.query<{ role_name: string }>(
    'SELECT role_name FROM public.ready_roles',
  );
  const promised = [
    ...all.filter(({ provisioned_at: at }) => at === null).map(({ schema_name: name }) => name),
    ...roles.map(({ role_name: name }) => name),
  ];
  const orphans = (await findOrphans(database.knex, owned, promised)).map(
    ({ kind, schemaName }) => `${kind} ${schemaName}`,
  );
  const ids = new Set(all.map(({ id }) => `tenant_${id}`));
  for (const folder of await services.storage.list('mediafiles/'))
    if (folder.startsWith('tenant_') && !ids.has(folder)) orphans.push(`folder ${folder}`);
  const wrongs: string[] = [];
  for (const school of all)
    wrongs.push(
      ...wrongsOf(
        school,
        await services.storage.list(storagePrefix(school)),
        database.migrator.tenantVersion,
      ),
    );
  const drift = await findDrift(
    database.knex,
    database.migrator.ladders.tenant,
    built.map(({ schema_name: schemaName, version }) => ({ schemaName, version })),
  );
  for (const { schemaName } of drift) wrongs.push(`${schemaName} is not what its version makes`);
  const provisioned = all.filter(({ provisioned_at: at }) => at !== null).length;
  return {
    schools: all.length,
    open: all.filter(({ status }) => status === 'active').length,
    provisioned,
    retryable: all.length - provisioned,
    orphans,
    wrongs,
  };
}
