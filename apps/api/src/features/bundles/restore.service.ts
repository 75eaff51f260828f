import {
  columnFacts,
  dropTenantSchema,
  publishChange,
  storagePrefix,
  tablesOf,
  type Bundler,
  type CentralTrx,
  type Migrator,
  type SchoolBuilder,
  type Tenancy,
  type TenantRef,
} from '@preau/tenancy';
import type { RestoreMode } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import type { JobRun, JobService } from '../jobs/index.ts';
import { deleteTenant, lockTenant, patchTenant, searchText, tenantExists } from '../tenants/index.ts';
import { TIDY } from './job-kinds.ts';
import type { Bundle, BundleRestore } from './bundle.model.ts';
import {
  builtTenant,
  findBundle,
  findRestore,
  findUsable,
  forgetRestore,
  noteSwapped,
} from './bundle.repository.ts';
import { describedBy } from './new-school.ts';
import { bytesOfRows, filesOfRows, moveKeys, unknownKeys } from './school-files.ts';
import type { Person } from './shared-rows.ts';
import { openBundle, type OpenBundle } from './open-bundle.ts';
import {
  insertDomains,
  insertHistory,
  insertStrangers,
  knownPeople,
  replaceMembers,
  replaceThemes,
  setStored,
  spareDeletedFiles,
} from './shared-rows-in.ts';
import { fileTaker, renamePeople, takeIn, type TakenIn } from './take-in.ts';

export type RestoreService = ReturnType<typeof createRestoreService>;

interface Options {
  tenancy: Tenancy;
  bundler: Bundler;
  migrator: Pick<Migrator, 'forgetTenant'>;
  directory: TenantDirectory;
  jobs: JobService;
  storage: Storage;
  backups: Storage;
  identities: readonly string[];
  /** Writes what others see of a school anew, from the rows that it now has. */
  shareAgain: (tenant: TenantRef) => Promise<unknown>;
}

export interface RestoreTask {
  bundleId: string;
  tenantId: string;
  schemaName: string;
  mode: RestoreMode;
  /** Made by this installation: its ids mean here what they meant there. */
  own: boolean;
  /** The name of a copy. */
  name?: string | undefined;
}

/** Students whose records hold a seat. Archives from before there was a roster have none. */
async function enrolledIn({ ask }: SchoolBuilder, tables: readonly { name: string }[]): Promise<number> {
  if (!tables.some(({ name }) => name === 'students')) return 0;
  const [row] = await ask<{ count: number }>(
    "SELECT count(*)::int AS count FROM students WHERE status = 'enrolled'",
  );
  return row?.count ?? 0;
}

type Run = Pick<JobRun, 'id' | 'signal' | 'progress' | 'step' | 'guard' | 'origin' | 'attempt'>;

/**
 * Brings schools back. The new schema is made aside, in one transaction that also puts it in its place: killed anywhere, either
 * nothing of it is there or all of it. Files are added before and removed after, by what the rows in place say.
 */
export function createRestoreService(options: Options) {
  const { tenancy, bundler, migrator, directory, jobs, storage, backups, identities, shareAgain } = options;
  const read = <R>(fn: (trx: CentralTrx) => Promise<R>) =>
    tenancy.central(({ trx }) => fn(trx), { readOnly: true });

  /** The last statements of the long transaction: short locks, and the commit. */
  async function swap(
    run: Run,
    task: RestoreTask,
    { trx }: SchoolBuilder,
    open: OpenBundle,
    { shared, manifest }: TakenIn,
    {
      ids,
      strangers,
      stored,
      enrolled,
    }: { ids: Map<string, string>; strangers: Person[]; stored: number; enrolled: number },
  ): Promise<void> {
    const tenant = await lockTenant(trx, task.tenantId);
    await run.guard(trx);
    const inPlace = task.mode === 'in_place';
    if (!inPlace && (tenant.provisioned_at || tenant.schema_name !== task.schemaName))
      throw new Error('The school is another one by now');
    await insertStrangers(trx, strangers);
    await replaceMembers(trx, task.tenantId, shared.members, ids, enrolled);
    await replaceThemes(trx, task.tenantId, shared, ids);
    if (task.mode === 'back') {
      await insertDomains(trx, task.tenantId, shared.domains, { own: task.own });
      await insertHistory(trx, task.tenantId, shared.history);
    }
    await setStored(trx, task.tenantId, stored);
    await spareDeletedFiles(trx, task.tenantId);
    await trx.raw('DELETE FROM public.sessions WHERE tenant_id = ?', [task.tenantId]);
    // Of what it shared nothing is true any more; what is now is written when its rows are in place.
    await trx.raw('DELETE FROM public.agenda_events WHERE tenant_id = ?', [task.tenantId]);
    // A copy has been given its name; the rest is as the archive tells it, also where that is invented.
    const name = task.name ?? (task.mode === 'copy' ? tenant.name : open.school.name);
    const uai = inPlace ? tenant.uai : task.mode === 'copy' ? null : open.school.uai;
    await patchTenant(trx, tenant, {
      ...describedBy(open.school),
      name,
      search_text: searchText({ ...open.school, name, subdomain: tenant.subdomain, uai }),
      ...(inPlace ? { schema_name: task.schemaName } : { status: 'active', provisioned_at: new Date() }),
    });
    await noteSwapped(trx, run.id);
    await auditCentral(trx, run.origin, task.tenantId, {
      action: 'tenant.restore_backup',
      target: { type: 'bundle', id: task.bundleId },
      before: inPlace ? { schema_name: tenant.schema_name } : { status: tenant.status },
      after: {
        mode: task.mode,
        schema_name: task.schemaName,
        rows: manifest.rows,
        files: manifest.files,
        new_accounts: strangers.length,
      },
    });
    if (inPlace)
      await jobs.start(trx, run.origin, {
        kind: TIDY,
        tenantId: task.tenantId,
        payload: { restore_id: run.id, tenant_id: task.tenantId },
      });
    else await forgetRestore(trx, run.id);
    await publishChange(trx, { kind: 'tenant', id: task.tenantId });
  }

  async function build(run: Run, task: RestoreTask, bundle: Bundle): Promise<TakenIn> {
    if (task.mode === 'in_place') await tenancy.central(({ trx }) => spareDeletedFiles(trx, task.tenantId));
    let done = 0;
    const total = Number(bundle.bytes ?? 0);
    const open = await openBundle({ backups, bundler, identities }, bundle.storage_key, {
      signal: run.signal,
      read: (bytes) => run.progress({ done: (done += bytes), total, unit: 'bytes' }),
    });
    const mayExist = task.mode === 'in_place' || run.attempt > 1;
    const files = fileTaker(storage, task.tenantId, { mayExist, signal: run.signal });
    return bundler.build(
      { schemaName: task.schemaName, version: open.header.schema_version },
      async (builder) => {
        const taken = await run.step('rows and files', async () => {
          try {
            return await takeIn(open, builder, files.take);
          } finally {
            // Also when it failed: nothing may be written any more once it is undone.
            await files.settled();
          }
        });
        const ask = <T>(sql: string, values: readonly unknown[]) => builder.askShared<T>(sql, values);
        const { ids, strangers } = await knownPeople(ask, taken.shared.people, { own: task.own });
        await renamePeople(builder, open.header.tables, ids);
        await moveKeys(builder.ask, open.header.tables, { from: open.school.id, to: task.tenantId });
        const stored = await bytesOfRows(builder.ask, open.header.tables);
        const enrolled = await enrolledIn(builder, open.header.tables);
        await run.step('migrations', () => builder.finish());
        await run.step('swap', () =>
          swap(run, task, builder, open, taken, { ids, strangers, stored, enrolled }),
        );
        run.signal.throwIfAborted();
        return taken;
      },
    );
  }

  /** Erases what a restore that came to nothing has left of a school that was not there before. */
  async function forgetNew(origin: Origin, { tenant_id: id, job_id }: BundleRestore): Promise<void> {
    await storage.removeAll(storagePrefix({ id }));
    await tenancy.central(async (scope) => {
      const { trx } = scope;
      await forgetRestore(trx, job_id);
      if (!(await tenantExists(trx, id))) return;
      const tenant = await lockTenant(trx, id);
      if (tenant.provisioned_at) return;
      const host = await hostsOf(trx, id);
      await deleteTenant(trx, id);
      await auditCentral(trx, origin, id, {
        action: 'tenant.restore_failed',
        target: { type: 'tenant', id },
        before: { subdomain: tenant.subdomain, name: tenant.name },
      });
      for (const name of host) await publishChange(trx, { kind: 'host', id: name });
      await publishChange(trx, { kind: 'tenant', id });
      scope.afterCommit(() => directory.forgetTenant(id));
    });
  }

  return {
    /** Restores, unless this job has already done so and was killed before it could say it. */
    async restore(run: Run, task: RestoreTask): Promise<{ tenant_id: string; rows: number; files: number }> {
      const { bundle, restore, there } = await read(async (trx) => ({
        bundle: await findUsable(trx, task.bundleId),
        restore: await findRestore(trx, run.id),
        there: await tenantExists(trx, task.tenantId),
      }));
      const figures = { rows: Number(bundle.row_count ?? 0), files: Number(bundle.file_count ?? 0) };
      if (restore && !restore.swapped_at) {
        if (!there) throw new AppError('not_found');
        const { manifest } = await build(run, task, bundle);
        directory.forgetTenant(task.tenantId);
        Object.assign(figures, { rows: manifest.rows, files: manifest.files });
      }
      // Also by a run that goes on after the swap: a second time changes nothing.
      if (there) await shareAgain(await read((trx) => builtTenant(trx, task.tenantId)));
      return { tenant_id: task.tenantId, ...figures };
    },

    /** A restore will not come: the school is as it was, or is not there. */
    async giveUp(origin: Origin, jobId: string): Promise<void> {
      const restore = await read((trx) => findRestore(trx, jobId));
      if (!restore || restore.swapped_at) return;
      if (restore.replaces === null) return forgetNew(origin, restore);
      await removeUnknownFiles(restore.tenant_id, restore.created_at);
      await tenancy.central(({ trx }) => forgetRestore(trx, jobId));
    },

    /** Takes away what the school had before: its schema, and the files that its rows do not know any more. */
    async tidy(restoreId: string): Promise<{ dropped: string | null; removed: number }> {
      const restore = await read((trx) => findRestore(trx, restoreId));
      if (!restore?.swapped_at || restore.replaces === null) return { dropped: null, removed: 0 };
      await bringMissingFiles(restore.tenant_id, restore.bundle_id);
      const removed = await removeUnknownFiles(restore.tenant_id, restore.swapped_at);
      const { replaces } = restore;
      await tenancy.central(async ({ trx }) => {
        const { rows } = await trx.raw('SELECT FROM public.tenants WHERE schema_name = ?', [replaces]);
        if (rows.length > 0) throw new Error('The schema is in use: it is not to be dropped');
        await trx.raw('SET LOCAL statement_timeout = 0');
        await dropTenantSchema(trx, replaces);
        await migrator.forgetTenant(trx, replaces);
        await forgetRestore(trx, restoreId);
      });
      return { dropped: replaces, removed };
    },
    findBundle: (id: string): Promise<Bundle> => read((trx) => findBundle(trx, id)),
  };

  async function hostsOf(trx: CentralTrx, tenantId: string): Promise<string[]> {
    const { rows } = await trx.raw('SELECT domain FROM public.domains WHERE tenant_id = ?', [tenantId]);
    return rows.map(({ domain }: { domain: string }) => domain);
  }

  /** Whoever deleted a file for good while a restore was under way had its bytes removed: they are in the archive. */
  async function bringMissingFiles(tenantId: string, bundleId: string): Promise<void> {
    const prefix = storagePrefix({ id: tenantId });
    const missing = new Set<string>();
    const { tenant, bundle } = await read(async (trx) => ({
      tenant: await builtTenant(trx, tenantId),
      bundle: await findBundle(trx, bundleId),
    }));
    await bundler.read(tenant, async (reader) => {
      for await (const { key } of filesOfRows(reader.ask, reader.tables, tenantId))
        if (!(await storage.stat(`${prefix}${key}`))) missing.add(key);
    });
    if (missing.size === 0) return;
    const { parts } = await openBundle({ backups, bundler, identities }, bundle.storage_key);
    for await (const { name, content } of parts) {
      const key = name.startsWith('files/') ? name.slice('files/'.length) : null;
      if (key !== null && missing.has(key)) await storage.write(`${prefix}${key}`, content);
      else content.resume();
    }
  }

  /** Files that no row of the school speaks of, and that were there before a time. */
  async function removeUnknownFiles(tenantId: string, before: Date): Promise<number> {
    let removed = 0;
    const remove = async (keys: readonly string[]): Promise<void> => {
      const tenant = await read((trx) => builtTenant(trx, tenantId));
      const unknown = await tenancy.read(tenant, async ({ trx }) => {
        const tables = tablesOf(await columnFacts(trx, tenant.schemaName));
        return unknownKeys(
          async (sql, values = []) => (await trx.raw(sql, values as never)).rows,
          tables,
          keys,
        );
      });
      for (const key of unknown) {
        const found = await storage.stat(key);
        // One that is on its way in has no row yet.
        if (!found || found.modifiedAt >= before) continue;
        await storage.remove(key);
        removed += 1;
      }
    };
    let batch: string[] = [];
    for await (const { key } of storage.keys(storagePrefix({ id: tenantId }))) {
      batch.push(key);
      if (batch.length < 500) continue;
      await remove(batch);
      batch = [];
    }
    if (batch.length > 0) await remove(batch);
    return removed;
  }
}
