import {
  dropOwnedSchema,
  dropTenantRole,
  sendAsTenant,
  storagePrefix,
  together,
  type CentralTrx,
  type Migrator,
} from '@preau/tenancy';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { makeInvitation, type MadeInvitation } from '../members/index.ts';
import { type SchoolSeed, seedsFor, type SeedStatement } from './school-seed.ts';
import type { Tenant } from './tenant.model.ts';
import { forgetPeople, patchTenant } from './tenant.repository.ts';

/** What the steps of one attempt work on, and what they leave for its answer. */
export interface ProvisioningWork {
  trx: CentralTrx;
  tenant: Tenant;
  origin: Origin;
  /** Version of the schema that was built ahead for it; undefined when there is none. */
  ready: string | null | undefined;
  made: { invitation?: MadeInvitation; opened?: Tenant };
}

export interface ProvisioningStep {
  name: 'role' | 'schema' | 'snapshot' | 'seed_data' | 'storage_prefix' | 'first_admin' | 'activation';
  /**
   * Sends its statements before it first waits, so that the next step's may follow at once. What an attempt did before it was
   * cut short is gone with its transaction, or, for what is `outside`, is found there and kept.
   */
  do(work: ProvisioningWork): Promise<unknown>;
  /** Takes it away again, if it is there. */
  undo(work: Pick<ProvisioningWork, 'trx' | 'tenant'>): Promise<unknown>;
  /** Not in the database: a rollback leaves it. */
  outside?: true;
}

/** Folders that every school has; products of later features have theirs beside them. */
const FOLDERS = ['avatars', 'documents', 'school_assets'];

/** Where a school's files are. */
export const filesOf = (tenant: Tenant): string => storagePrefix(tenant);

/** All there is to making a school's space, in order; taken backwards, all there is to erasing it. */
export function provisioningSteps({
  migrator,
  storage,
  seeds,
}: {
  migrator: Migrator;
  storage: Storage;
  seeds: readonly SchoolSeed[];
}): readonly ProvisioningStep[] {
  const send = (trx: CentralTrx, { sql, values = [] }: SeedStatement) => trx.raw(sql, values as never);
  return [
    {
      name: 'role',
      do: async ({ trx, tenant, ready }) => ready === undefined && migrator.makeRole(trx, tenant.schema_name),
      undo: ({ trx, tenant }) => dropTenantRole(trx, tenant.schema_name),
    },
    {
      name: 'schema',
      do: async ({ trx, tenant, ready }) =>
        ready === undefined && migrator.makeSchema(trx, tenant.schema_name),
      undo: ({ trx, tenant }) => dropOwnedSchema(trx, tenant.schema_name),
    },
    {
      name: 'snapshot',
      do: async ({ trx, tenant, ready }) => {
        if (ready === undefined) return migrator.fillSchema(trx, tenant.schema_name);
        // Built ahead; nobody has used it. One that the migrator has not reached yet is made anew, at the right version.
        if (ready !== migrator.tenantVersion) return migrator.rebuildTenant(trx, tenant.schema_name);
      },
      // The tables go with the schema.
      undo: ({ trx, tenant }) => migrator.forgetTenant(trx, tenant.schema_name),
    },
    {
      name: 'seed_data',
      do: ({ trx, tenant }) => {
        const sown = seedsFor(seeds, tenant);
        const inSchool = sown.flatMap((seed) => seed.inSchool?.(tenant) ?? []);
        const onPlatform = sown.flatMap((seed) => seed.onPlatform?.(tenant) ?? []);
        return together([
          ...onPlatform.map((statement) => send(trx, statement)),
          inSchool.length > 0 &&
            sendAsTenant(trx, tenant.schema_name, () => inSchool.map((statement) => send(trx, statement))),
        ]);
      },
      // Rows of the school go with its schema, those of the platform with the school's own row.
      undo: async () => {},
    },
    {
      name: 'storage_prefix',
      outside: true,
      do: ({ tenant }) => storage.prepare(FOLDERS.map((folder) => `${filesOf(tenant)}${folder}/`)),
      undo: ({ tenant }) => storage.removeAll(filesOf(tenant)),
    },
    {
      name: 'first_admin',
      do: async ({ trx, tenant, origin, made }) => {
        made.invitation = await makeInvitation(trx, origin, tenant.id, tenant.email, 'admin');
      },
      undo: ({ trx, tenant }) => forgetPeople(trx, tenant.id),
    },
    {
      name: 'activation',
      do: async ({ trx, tenant, origin, made }) => {
        [made.opened] = await together([
          patchTenant(trx, tenant, { status: 'active', provisioned_at: new Date(), failure: null }),
          auditCentral(trx, origin, tenant.id, {
            action: 'tenant.provision',
            target: { type: 'tenant', id: tenant.id },
            before: { status: tenant.status },
            after: { status: 'active' },
          }),
        ]);
      },
      undo: ({ trx, tenant }) => patchTenant(trx, tenant, { status: 'pending', provisioned_at: null }),
    },
  ];
}
