import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import type { Clone, Restore } from '@preau/contracts/bundles';
import type { BundleCause, BundleKind } from '@preau/contracts/vocabulary';
import { newSchemaName, type Bundler, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { JobService } from '../jobs/index.ts';
import { lockTenant, tenantExists } from '../tenants/index.ts';
import type { School } from './bundle-format.ts';
import type { Bundle } from './bundle.model.ts';
import { getBundleRow, listBundleRows, type BundleRow, type ListedBundles } from './bundle.read-model.ts';
import {
  ARCHIVES,
  builtTenant,
  deleteBundle,
  findUsable,
  insertBundle,
  insertRestore,
} from './bundle.repository.ts';
import { CLONE, MAKE, RESTORE, VERIFY } from './job-kinds.ts';
import { enterSchool, schoolOf } from './new-school.ts';
import { openBundle } from './open-bundle.ts';
import { createScrubber } from './scrub.ts';

export type BundleService = ReturnType<typeof createBundleService>;

interface Options {
  tenancy: Tenancy;
  bundler: Bundler;
  jobs: JobService;
  backups: Storage;
  recipients: readonly string[];
  identities: readonly string[];
  baseDomain: string;
}

interface Asked {
  kind?: BundleKind | undefined;
  cause?: BundleCause;
  keepUntil?: Date | null;
}

/** Days for which an export, and a backup that was made before a restore, are kept. */
const KEPT_DAYS = 30;
export const inDays = (days: number): Date => new Date(Date.now() + days * 86_400_000);

/** Archives as whoever asks for them sees them. The work itself is done by jobs. */
export function createBundleService(options: Options) {
  const { tenancy, bundler, jobs, backups, recipients, identities, baseDomain } = options;
  const read = <R>(fn: (trx: CentralTrx) => Promise<R>) =>
    tenancy.central(({ trx }) => fn(trx), { readOnly: true });

  /** Enters an archive that is to be made of a school. */
  async function enter(
    trx: CentralTrx,
    { actor }: Origin,
    tenantId: string,
    { kind = 'backup', cause = 'asked', keepUntil = null }: Asked,
  ): Promise<Bundle> {
    const { name, subdomain } = await builtTenant(trx, tenantId);
    return insertBundle(trx, {
      id: uuidv7(),
      tenant_id: tenantId,
      school_name: name,
      subdomain,
      kind,
      cause,
      // Who takes an export along has no key of ours.
      encrypted: kind === 'backup' && recipients.length > 0,
      made_by: actor.label,
      keep_until: keepUntil,
    });
  }

  async function head(bundle: Bundle): Promise<School> {
    const { school, parts } = await openBundle({ backups, bundler, identities }, bundle.storage_key);
    await parts.return(undefined);
    return school;
  }

  /** Starts a restore, in the caller's transaction. */
  async function start(
    trx: CentralTrx,
    origin: Origin,
    bundle: Pick<Bundle, 'id' | 'cause'>,
    task: { mode: Restore['mode']; tenantId: string; name?: string | undefined; replaces: string | null },
    schemaName: string,
  ): Promise<string> {
    const before =
      task.replaces === null
        ? null
        : await enter(trx, origin, task.tenantId, { cause: 'restore', keepUntil: inDays(KEPT_DAYS) });
    const jobId = await jobs.start(trx, origin, {
      kind: RESTORE,
      // A school that is not there yet may be taken away again, and its jobs with it.
      tenantId: task.replaces === null ? null : task.tenantId,
      uniqueKey: task.tenantId,
      payload: {
        bundle_id: bundle.id,
        tenant_id: task.tenantId,
        schema_name: schemaName,
        mode: task.mode,
        own: bundle.cause !== 'import',
        ...(task.name === undefined ? {} : { name: task.name }),
        ...(before ? { before_id: before.id } : {}),
      },
    });
    await insertRestore(trx, {
      job_id: jobId,
      bundle_id: bundle.id,
      tenant_id: task.tenantId,
      schema_name: schemaName,
      replaces: task.replaces,
    });
    await auditCentral(trx, origin, task.tenantId, {
      action: 'bundle.restore',
      target: { type: 'bundle', id: bundle.id },
      after: { mode: task.mode, job_id: jobId },
    });
    return jobId;
  }

  return {
    list: (query: ListedBundles) => read((trx) => listBundleRows(trx, query)),
    get: (id: string, tenantId?: string): Promise<BundleRow> =>
      read((trx) => getBundleRow(trx, id, tenantId)),

    /** An export that a school has asked for itself; others are not its own to see. Throws `not_found`. */
    async getOwnExport(id: string, tenantId: string): Promise<BundleRow> {
      const row = await read((trx) => getBundleRow(trx, id, tenantId));
      if (row.cause !== 'school') throw new AppError('not_found');
      return row;
    },

    /** Starts an archive of a school. Throws `not_found`, `not_provisioned`, `job_in_progress`. */
    make: (
      origin: Origin,
      tenantId: string,
      asked: Asked = {},
    ): Promise<{ job_id: string; bundle_id: string }> =>
      tenancy.central(async ({ trx }) => {
        const bundle = await enter(trx, origin, tenantId, {
          ...asked,
          keepUntil: asked.keepUntil ?? (asked.kind === 'export' ? inDays(KEPT_DAYS) : null),
        });
        const job_id = await jobs.start(trx, origin, {
          kind: MAKE,
          tenantId,
          uniqueKey: `${bundle.kind} ${tenantId}`,
          payload: { bundle_id: bundle.id },
        });
        await auditCentral(trx, origin, tenantId, {
          action: `bundle.${bundle.kind}`,
          target: { type: 'bundle', id: bundle.id },
          after: { cause: bundle.cause, job_id },
        });
        return { job_id, bundle_id: bundle.id };
      }),

    /** The bytes of an archive, as they are kept; who takes them is put down first. */
    async download(
      origin: Origin,
      id: string,
      tenantId: string,
    ): Promise<{ row: BundleRow; content: Readable }> {
      const row = await tenancy.central(async ({ trx }) => {
        await findUsable(trx, id, tenantId);
        const found = await getBundleRow(trx, id, tenantId);
        await auditCentral(trx, origin, tenantId, {
          action: 'bundle.download',
          target: { type: 'bundle', id },
          after: { kind: found.kind, bytes: Number(found.bytes) },
        });
        return found;
      });
      return { row, content: await backups.read(row.storage_key) };
    },

    /** Starts a verification, or a drill. */
    verify: (origin: Origin, id: string, tenantId: string, drill: boolean): Promise<{ job_id: string }> =>
      tenancy.central(async ({ trx }) => {
        await findUsable(trx, id, tenantId);
        const there = await tenantExists(trx, tenantId);
        const job_id = await jobs.start(trx, origin, {
          kind: VERIFY,
          tenantId: there ? tenantId : null,
          uniqueKey: id,
          payload: { bundle_id: id, drill },
        });
        await auditCentral(trx, origin, tenantId, {
          action: drill ? 'bundle.drill' : 'bundle.verify',
          target: { type: 'bundle', id },
          after: { job_id },
        });
        return { job_id };
      }),

    /** Removes an archive: its row first, so that nobody finds a row without bytes. */
    async remove(origin: Origin, id: string, tenantId: string): Promise<void> {
      await tenancy.central(async ({ trx, afterCommit }) => {
        const row = await getBundleRow(trx, id, tenantId);
        if (row.status === 'running') throw new AppError('bundle_not_ready');
        await deleteBundle(trx, id);
        await auditCentral(trx, origin, tenantId, {
          action: 'bundle.remove',
          target: { type: 'bundle', id },
          before: { kind: row.kind, cause: row.cause, created_at: row.created_at, checksum: row.checksum },
        });
        afterCommit(() => backups.remove(row.storage_key));
      });
    },

    /**
     * Starts a restore. In place it takes the school's subdomain as a confirmation; a copy takes a subdomain of its own; an erased
     * school comes back under its own unless told.
     */
    async restore(
      origin: Origin,
      id: string,
      { mode, subdomain, school_name: name }: Restore,
      confirmation: string | undefined,
    ): Promise<{ job_id: string; tenant_id: string }> {
      const bundle = await read((trx) => findUsable(trx, id));
      const school = await head(bundle);
      const schemaName = newSchemaName();
      return tenancy.central(async ({ trx }) => {
        const { tenant_id: own } = bundle;
        if (mode === 'in_place') {
          const tenant = await lockTenant(trx, own);
          if (!tenant.provisioned_at) throw new AppError('not_provisioned');
          if (confirmation !== tenant.subdomain)
            throw new AppError('confirmation_required', { details: { subdomain: tenant.subdomain } });
          const task = { mode, tenantId: own, name, replaces: tenant.schema_name };
          return { job_id: await start(trx, origin, bundle, task, schemaName), tenant_id: own };
        }
        if (mode === 'copy' && subdomain === undefined) throw fieldError('subdomain', 'required');
        if (mode === 'back' && (await tenantExists(trx, own)))
          throw fieldError('mode', 'enum', { allowed: ['in_place', 'copy'] });
        const tenantId = mode === 'back' ? own : uuidv7();
        await enterSchool(
          trx,
          { ...school, name: name ?? school.name },
          {
            tenantId,
            schemaName,
            subdomain: subdomain ?? school.subdomain,
            copy: mode === 'copy',
            baseDomain,
          },
        );
        const task = { mode, tenantId, name, replaces: null };
        return { job_id: await start(trx, origin, bundle, task, schemaName), tenant_id: tenantId };
      });
    },

    /** Starts to make another school of one. */
    clone: (
      origin: Origin,
      id: string,
      { subdomain, school_name: name, scrub = false }: Clone,
    ): Promise<{ job_id: string; tenant_id: string }> =>
      tenancy.central(async ({ trx }) => {
        const source = await lockTenant(trx, id);
        const bundle = await enter(trx, origin, id, { cause: 'clone', keepUntil: inDays(1) });
        const schemaName = newSchemaName();
        const tenantId = uuidv7();
        const told = { ...schoolOf(source), name: name ?? `${source.name} (copie)` };
        const copied = scrub ? (await createScrubber()).school(told) : told;
        // The archive's own description comes with the rows; this is what is seen until then.
        await enterSchool(trx, copied, {
          tenantId,
          schemaName,
          subdomain,
          copy: true,
          baseDomain,
        });
        const job_id = await jobs.start(trx, origin, {
          kind: CLONE,
          tenantId: id,
          uniqueKey: id,
          payload: { bundle_id: bundle.id, tenant_id: tenantId, schema_name: schemaName, scrub },
        });
        await insertRestore(trx, {
          job_id,
          bundle_id: bundle.id,
          tenant_id: tenantId,
          schema_name: schemaName,
          replaces: null,
        });
        await auditCentral(trx, origin, id, {
          action: 'tenant.clone',
          target: { type: 'tenant', id: tenantId },
          after: { subdomain, scrub, job_id },
        });
        return { job_id, tenant_id: tenantId };
      }),

    /** Takes in an archive of another installation, and starts to make a school of it. */
    async takeIn(
      origin: Origin,
      source: Readable,
      subdomain: string | undefined,
    ): Promise<{ job_id: string; tenant_id: string; bundle_id: string }> {
      const incoming = `${ARCHIVES}incoming/${randomUUID()}`;
      await backups.write(incoming, source);
      try {
        const { school, parts, header } = await openBundle({ backups, bundler, identities }, incoming);
        await parts.return(undefined);
        const schemaName = newSchemaName();
        const { bundle, ...started } = await tenancy.central(async ({ trx }) => {
          const there = await tenantExists(trx, school.id);
          const tenantId = there ? uuidv7() : school.id;
          const entered = await insertBundle(trx, {
            id: uuidv7(),
            tenant_id: tenantId,
            school_name: school.name,
            subdomain: school.subdomain,
            kind: header.kind,
            cause: 'import',
            encrypted: false,
            made_by: origin.actor.label,
            keep_until: inDays(KEPT_DAYS),
          });
          await trx.raw(
            "UPDATE public.bundles SET status = 'done', finished_at = now(), storage_key = ?, schema_version = ?, bytes = ? WHERE id = ?",
            [
              incoming,
              header.schema_version,
              (await backups.stat(incoming))?.bytes ?? 0,
              entered.id,
            ] as never,
          );
          await enterSchool(trx, school, {
            tenantId,
            schemaName,
            subdomain: subdomain ?? school.subdomain,
            copy: there,
            baseDomain,
          });
          const task = { mode: there ? ('copy' as const) : ('back' as const), tenantId, replaces: null };
          const job_id = await start(trx, origin, entered, task, schemaName);
          return { job_id, tenant_id: tenantId, bundle: entered };
        });
        return { ...started, bundle_id: bundle.id };
      } catch (error) {
        await backups.remove(incoming);
        throw error;
      }
    },
  };
}
