import type { SchoolContactPatch } from '@preau/contracts/school-settings';
import { DEFAULT_SETTINGS, type TenantSettings } from '@preau/contracts/tenant-settings';
import type { TenantCreate, TenantPatch, TenantQuery, TenantReplace } from '@preau/contracts/tenants';
import {
  newSchemaName,
  publishChange,
  type CentralScope,
  type CentralTrx,
  type PoolKeeper,
  type ReadyPool,
  type RoleStock,
  type Tenancy,
} from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { columnsOf, differenceOf, lookOf, recordTheme, type Look } from '../branding/index.ts';
import { insertDomain, renameSubdomain } from '../domains/index.ts';
import { makeInvitation, type MadeInvitation } from '../members/index.ts';
import { modulesFor, toColumns, withDefaults } from './tenant-input.ts';
import { enterNetwork, leaveNetwork } from './network-membership.ts';
import type { Tenant } from './tenant.model.ts';
import { subdomainAvailability } from './subdomain.read-model.ts';
import { findTenantId, getTenantDetail, listTenants, type TenantDetail } from './tenant.read-model.ts';
import { insertTenant, lockTenant, patchTenant, searchText } from './tenant.repository.ts';

export type TenantService = ReturnType<typeof createTenantService>;

interface Options {
  tenancy: Tenancy;
  directory: TenantDirectory;
  baseDomain: string;
  readyPool: ReadyPool;
  roleStock: RoleStock;
  poolKeeper: PoolKeeper;
}

/** The expected version of a change (`If-Match`); undefined when the caller did not say. */
type Expected = number | undefined;

/** @throws AppError `precondition_failed` */
export function checkVersion(tenant: Tenant, expected: Expected): void {
  if (expected !== undefined && tenant.version !== expected) throw new AppError('precondition_failed');
}

/** The columns that changed, before and after, for the audit row. */
function difference(before: Tenant, after: Partial<Tenant>): { before: object; after: object } {
  const changed = Object.keys(after).filter(
    (key) =>
      key !== 'search_text' &&
      JSON.stringify(before[key as keyof Tenant]) !== JSON.stringify(after[key as keyof Tenant]),
  );
  const pick = (source: Partial<Tenant>) =>
    Object.fromEntries(changed.map((key) => [key, source[key as keyof Tenant] ?? null]));
  return { before: pick(before), after: pick(after) };
}

/** Descriptions of schools: create, read, change. Their life is in the lifecycle service. */
export function createTenantService(options: Options) {
  const { tenancy, directory, baseDomain, readyPool, roleStock, poolKeeper } = options;
  /**
   * The name of the school's schema, which is the school's for life: that of a schema that is ready, when there is one, or of
   * a role. Provisioning then finds it built.
   */
  async function chooseSchema({ trx, afterCommit }: CentralScope): Promise<string> {
    const held = (await readyPool.take(trx)) ?? (await roleStock.take(trx));
    afterCommit(poolKeeper.wake);
    return held ?? newSchemaName();
  }

  /** A unique constraint of this table, in the reader's words. */
  function translate(
    error: unknown,
    body: { subdomain?: string | undefined; uai?: string | null | undefined },
  ): never {
    if (violatesUnique(error, 'tenants_subdomain_key') || violatesUnique(error, 'domains_domain_key')) {
      throw new AppError('subdomain_taken', {
        details: { subdomain: body.subdomain?.toLowerCase() },
        cause: error,
      });
    }
    if (violatesUnique(error, 'tenants_uai_key'))
      throw new AppError('uai_taken', { details: { uai: body.uai }, cause: error });
    throw error;
  }

  async function announce(
    { trx, afterCommit }: CentralScope,
    tenantId: string,
    hosts: readonly string[] = [],
  ): Promise<void> {
    await publishChange(trx, { kind: 'tenant', id: tenantId });
    for (const host of hosts) await publishChange(trx, { kind: 'host', id: host });
    afterCommit(() => {
      directory.forgetTenant(tenantId);
      for (const host of hosts) directory.forgetHost(host);
    });
  }

  /** Whoever changes it, and wherever: the history of a school's look has no gap. */
  async function recordLook(
    trx: CentralTrx,
    { actor }: Origin,
    tenant: Tenant,
    columns: Partial<Tenant>,
    fromVersion: number | null = null,
  ): Promise<void> {
    const { primary_color = tenant.primary_color, secondary_color = tenant.secondary_color } = columns;
    const { logo_url = tenant.logo_url, favicon_url = tenant.favicon_url } = columns;
    const look = lookOf({ primary_color, secondary_color, logo_url, favicon_url });
    if (differenceOf(look, lookOf(tenant)).length > 0)
      await recordTheme(trx, actor, tenant, look, fromVersion);
  }

  async function change(
    origin: Origin,
    id: string,
    body: TenantPatch,
    expected: Expected,
    action: string,
  ): Promise<TenantDetail> {
    try {
      return await tenancy.central(async (scope) => {
        const { trx } = scope;
        const tenant = await lockTenant(trx, id);
        checkVersion(tenant, expected);
        const columns = await toColumns(trx, body, tenant);
        const next = {
          ...columns,
          search_text: searchText(Object.assign(Object.create(tenant) as Tenant, columns)),
        };
        await patchTenant(trx, tenant, next);
        if (columns.network_id !== undefined && columns.network_id !== tenant.network_id) {
          if (tenant.network_id) await leaveNetwork(trx, tenant.network_id, id);
          if (columns.network_id) await enterNetwork(trx, columns.network_id, id);
        }
        await recordLook(trx, origin, tenant, columns);
        const renamed = columns.subdomain !== undefined && columns.subdomain !== tenant.subdomain;
        if (renamed)
          await renameSubdomain(trx, id, {
            from: `${tenant.subdomain}.${baseDomain}`,
            to: `${columns.subdomain}.${baseDomain}`,
          });
        await auditCentral(trx, origin, id, {
          action,
          target: { type: 'tenant', id },
          ...difference(tenant, columns),
        });
        await announce(
          scope,
          id,
          renamed ? [`${tenant.subdomain}.${baseDomain}`, `${columns.subdomain}.${baseDomain}`] : [],
        );
        return getTenantDetail(trx, id);
      });
    } catch (error) {
      return translate(error, body);
    }
  }

  return {
    list: (query: TenantQuery) => tenancy.central(({ trx }) => listTenants(trx, query), { readOnly: true }),
    get: (id: string) => tenancy.central(({ trx }) => getTenantDetail(trx, id), { readOnly: true }),
    /** Id of the school that a person names by id, subdomain or domain. */
    identify: (name: string) => tenancy.central(({ trx }) => findTenantId(trx, name), { readOnly: true }),

    /**
     * Enters a school, `pending` until it is provisioned. `along` is written in the same transaction: what stands for the
     * school elsewhere is there with it or not at all.
     */
    async create(
      origin: Origin,
      body: TenantCreate,
      along: (trx: CentralTrx, id: string) => Promise<void> = async () => {},
    ): Promise<TenantDetail> {
      const id = uuidv7();
      try {
        return await tenancy.central(async (scope) => {
          const { trx } = scope;
          const { provision_now: _, ...description } = body;
          const columns = await toColumns(trx, withDefaults(description), null);
          const tenant = await insertTenant(trx, {
            ...columns,
            id,
            schema_name: await chooseSchema(scope),
            status: 'pending',
            settings: DEFAULT_SETTINGS,
            search_text: searchText(columns as Tenant),
            entered_by_key: origin.actor.type === 'key' ? origin.actor.lineage : null,
          });
          const host = `${tenant.subdomain}.${baseDomain}`;
          await insertDomain(trx, {
            id: uuidv7(),
            tenant_id: id,
            domain: host,
            kind: 'subdomain',
            is_primary: true,
            status: 'active',
            challenge_token: null,
          });
          await trx.raw('INSERT INTO public.tenant_usage (tenant_id) VALUES (?)', [id]);
          if (columns.network_id) await enterNetwork(trx, columns.network_id, id);
          const { search_text: __, ...after } = columns;
          await auditCentral(trx, origin, id, {
            action: 'tenant.create',
            target: { type: 'tenant', id },
            after,
          });
          await along(trx, id);
          await announce(scope, id, [host]);
          return getTenantDetail(trx, id);
        });
      } catch (error) {
        return translate(error, body);
      }
    },

    update: (origin: Origin, id: string, body: TenantPatch, expected?: Expected) =>
      change(origin, id, body, expected, 'tenant.update'),

    /** By the school itself. */
    updateContact: (origin: Origin, id: string, body: SchoolContactPatch, expected?: Expected) =>
      change(origin, id, body, expected, 'tenant.update_contact'),

    replace: (origin: Origin, id: string, body: TenantReplace, expected?: Expected) =>
      change(
        origin,
        id,
        { ...withDefaults(body), modules_enabled: modulesFor(body.school_type, body.modules_enabled) },
        expected,
        'tenant.replace',
      ),

    /** Colours and pictures that were kept elsewhere. `choose` runs under the school's lock, and may refuse. */
    changeLook: (
      origin: Origin,
      id: string,
      action: string,
      choose: (trx: CentralTrx, tenant: Tenant) => Promise<{ look: Look; fromVersion: number | null }>,
    ): Promise<TenantDetail> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        const tenant = await lockTenant(trx, id);
        const { look, fromVersion } = await choose(trx, tenant);
        const columns = columnsOf(look);
        await patchTenant(trx, tenant, columns);
        await recordLook(trx, origin, tenant, columns, fromVersion);
        await auditCentral(trx, origin, id, {
          action,
          target: { type: 'tenant', id },
          ...difference(tenant, columns),
        });
        await announce(scope, id);
        return getTenantDetail(trx, id);
      }),

    updateModules: (
      origin: Origin,
      id: string,
      modules_enabled: Record<string, boolean>,
      expected?: Expected,
    ) => change(origin, id, { modules_enabled }, expected, 'tenant.update_modules'),

    updateSettings: (
      origin: Origin,
      id: string,
      changes: Partial<TenantSettings>,
      expected?: Expected,
    ): Promise<TenantDetail> =>
      tenancy.central(async (scope) => {
        const tenant = await lockTenant(scope.trx, id);
        checkVersion(tenant, expected);
        const settings = { ...tenant.settings, ...changes };
        await patchTenant(scope.trx, tenant, { settings });
        await auditCentral(scope.trx, origin, id, {
          action: 'tenant.update_settings',
          target: { type: 'tenant', id },
          ...difference(tenant, { settings }),
        });
        await announce(scope, id);
        return getTenantDetail(scope.trx, id);
      }),

    /** Why a subdomain cannot be had, or null; and one that can. */
    checkSubdomain: (text: string) =>
      tenancy.central(({ trx }) => subdomainAvailability(trx, text, baseDomain), { readOnly: true }),

    /** A new invitation for a school's administrator; earlier unused ones end. */
    inviteAdmin: (
      origin: Origin,
      id: string,
      email?: string,
    ): Promise<{ invitation: MadeInvitation; detail: TenantDetail }> =>
      tenancy.central(async ({ trx }: { trx: CentralTrx }) => {
        const tenant = await lockTenant(trx, id);
        if (!tenant.provisioned_at) throw new AppError('not_provisioned');
        const invitation = await makeInvitation(trx, origin, id, email ?? tenant.email, 'admin');
        return { invitation, detail: await getTenantDetail(trx, id) };
      }),
  };
}
