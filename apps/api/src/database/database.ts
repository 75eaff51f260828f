import {
  connect,
  createMigrator,
  createTenancy,
  loadLadder,
  type Migrator,
  type Tenancy,
} from '@preau/tenancy';
import type { Knex } from 'knex';
import { fileURLToPath } from 'node:url';

export interface Database {
  knex: Knex;
  tenancy: Tenancy;
  migrator: Migrator;
  /** Direct address, for the change feed. */
  url: string;
  close(): Promise<void>;
}

const ladderFolder = (name: 'public' | 'tenant') =>
  fileURLToPath(new URL(`./migrations/${name}`, import.meta.url));

/** Opens the pool and builds the kernel on it. Connects to nothing yet. */
export async function openDatabase(options: {
  url: string;
  max?: number;
  applicationName?: string;
  onEffectError?: (error: unknown) => void;
}): Promise<Database> {
  const [publicLadder, tenantLadder] = await Promise.all([
    loadLadder(ladderFolder('public')),
    loadLadder(ladderFolder('tenant')),
  ]);
  const knex = connect(options);
  return {
    knex,
    tenancy: createTenancy({
      knex,
      ...(options.onEffectError ? { onEffectError: options.onEffectError } : {}),
    }),
    migrator: createMigrator({ knex, ladders: { public: publicLadder, tenant: tenantLadder } }),
    url: options.url,
    close: () => knex.destroy(),
  };
}
