import type { Knex } from 'knex';
import type { Retired } from './connection-care.ts';
import type { GateStats } from './fair-gate.ts';

/** What the pool of this process is doing now. Counts of connections, and totals since the start where it says so. */
export interface PoolStats {
  max: number;
  open: number;
  used: number;
  free: number;
  /** Callers that wait for a connection. */
  waiting: number;
  /** Since the start; closed for age is `created` less `open` and what is `retired`. */
  created: number;
  /** Since the start. */
  retired: Readonly<Retired>;
  /** The share of tenants. */
  tenants: GateStats;
}

interface Pool {
  max: number;
  numUsed(): number;
  numFree(): number;
  numPendingAcquires(): number;
}
export interface PooledClient {
  pool?: Pool;
  created: number;
  care: { retired: Readonly<Retired> };
}

export const clientOf = (knex: Knex): PooledClient => knex.client as PooledClient;

/** Reads the figures of a pool made by `connect`; costs nothing. */
export function readPool(knex: Knex, tenants: GateStats): PoolStats {
  const { pool, created, care } = clientOf(knex);
  const used = pool?.numUsed() ?? 0;
  const free = pool?.numFree() ?? 0;
  return {
    max: pool?.max ?? 0,
    open: used + free,
    used,
    free,
    waiting: pool?.numPendingAcquires() ?? 0,
    created,
    retired: { ...care.retired },
    tenants,
  };
}
