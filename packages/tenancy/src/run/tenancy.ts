import { AsyncLocalStorage } from 'node:async_hooks';
import type { Knex } from 'knex';
import type { TenantRef } from '../tenant-ref.ts';
import type { TransactionConfig } from './client.ts';
import { createFairGate, type GateLimits } from './fair-gate.ts';
import { centralOpening, tenantOpening } from './opening.ts';
import { clientOf, readPool, type PoolStats } from './pool-stats.ts';

declare const TENANT_BRAND: unique symbol;
declare const CENTRAL_BRAND: unique symbol;

/** A transaction under one tenant's role and path. Only `read` and `write` make one. */
export type TenantTrx = Knex.Transaction & { readonly [TENANT_BRAND]: true };
/** A transaction of the application's own role, on the shared tables. Only `central` makes one. */
export type CentralTrx = Knex.Transaction & { readonly [CENTRAL_BRAND]: true };

/** Work on one tenant. Immutable: there is no "current tenant" that could change under a concurrent request. */
export interface TenantScope {
  readonly tenant: TenantRef;
  readonly trx: TenantTrx;
  /** Runs after the commit, in order; never after a rollback. A failure is reported, not thrown. */
  readonly afterCommit: (effect: () => void | Promise<void>) => void;
}

/** Work on the shared tables. */
export interface CentralScope {
  readonly trx: CentralTrx;
  readonly afterCommit: (effect: () => void | Promise<void>) => void;
}

export interface ForEachOptions {
  /** Tenants worked on at once; 2 unless told. */
  concurrency?: number;
}

export interface ForEachFailure<T extends TenantRef> {
  tenant: T;
  error: unknown;
}

export interface Tenancy {
  /** One READ ONLY transaction as the tenant. Answers before the COMMIT has: nothing was written that could fail. */
  read<R>(tenant: TenantRef, fn: (scope: TenantScope) => Promise<R>): Promise<R>;
  /** One transaction as the tenant, committed when `fn` resolves and rolled back when it rejects. */
  write<R>(tenant: TenantRef, fn: (scope: TenantScope) => Promise<R>): Promise<R>;
  /** One transaction of the application's own role. */
  central<R>(fn: (scope: CentralScope) => Promise<R>, options?: { readOnly?: boolean }): Promise<R>;
  /**
   * The same work on many tenants, for operators only: never while a person waits. Goes on past a failure.
   * @returns the failures, in no particular order.
   */
  forEach<T extends TenantRef>(
    tenants: Iterable<T>,
    fn: (scope: TenantScope & { tenant: T }) => Promise<unknown>,
    options?: ForEachOptions,
  ): Promise<ForEachFailure<T>[]>;
  /** What the connections are doing now. */
  readonly pool: { stats(): PoolStats };
}

export interface TenancyOptions {
  knex: Knex;
  /** Told of an `afterCommit` effect that failed: the change stands, its announcement does not. */
  onEffectError?: (error: unknown) => void;
  /** How tenants share the pool; {@link shareOf} its size where nothing is told. */
  share?: Partial<GateLimits>;
  /** Milliseconds that a caller waits for its tenant's turn; 5,000 unless told. */
  patience?: number;
}

/** An operator's work can wait where a person's request cannot. */
const OPERATOR_PATIENCE = 60_000;

/**
 * How much of a pool tenants may hold: one at most half, so that it takes two at once to make a third wait its turn; all
 * together a little less than all, so that sessions and hosts are still looked up.
 */
export function shareOf(max: number): GateLimits {
  return {
    total: Math.max(1, max - Math.ceil(max / 8)),
    perTenant: Math.max(1, Math.ceil(max / 2)),
    maxWaiting: 1_000,
  };
}

type Effect = () => void | Promise<void>;

// Says only that a transaction is open, never whose: the guard against nesting, not a current tenant.
const open = new AsyncLocalStorage<true>();

/**
 * Builds the kernel on a pool made by `connect`.
 *
 * `read`, `write` and `central` refuse to be called inside one another: two transactions of one request would each hold
 * a connection, and as many requests as the pool is large would then wait for each other for ever.
 *
 * `read` and `write` reject with `TenantBusyError` when the tenant holds its share of the pool and none of it comes free.
 */
export function createTenancy({
  knex,
  onEffectError = () => {},
  share = {},
  patience = 5_000,
}: TenancyOptions): Tenancy {
  const gate = createFairGate({ ...shareOf(clientOf(knex).pool?.max ?? 1), ...share });

  async function runEffects(effects: Effect[]): Promise<void> {
    for (const effect of effects) {
      try {
        await effect();
      } catch (error) {
        onEffectError(error);
      }
    }
  }

  const refuseNesting = (): Promise<never> | undefined =>
    open.getStore()
      ? Promise.reject(new Error('A tenancy transaction is already open here: pass its scope on'))
      : undefined;

  /** `ended` is called when the connection is free again, which for a read is after its answer. */
  function transaction<R>(
    config: TransactionConfig,
    readOnly: boolean,
    fn: (trx: Knex.Transaction, effects: Effect[]) => Promise<R>,
    ended: () => void,
  ): Promise<R> {
    const effects: Effect[] = [];
    if (readOnly) {
      return new Promise<R>((resolve, reject) => {
        open
          .run(true, () => knex.transaction(async (trx) => resolve(await fn(trx, effects)), config))
          .finally(ended)
          .then(() => runEffects(effects))
          .catch(reject);
      });
    }
    return open
      .run(true, () => knex.transaction((trx) => fn(trx, effects), config))
      .finally(ended)
      .then(async (value) => {
        if (effects.length > 0) await runEffects(effects);
        return value;
      });
  }

  function asTenant<T extends TenantRef, R>(
    tenant: T,
    readOnly: boolean,
    fn: (scope: TenantScope & { tenant: T }) => Promise<R>,
    patienceHere = patience,
  ): Promise<R> {
    const refused = refuseNesting();
    if (refused) return refused;
    let opening: string;
    try {
      opening = tenantOpening(tenant, { readOnly });
    } catch (error) {
      return Promise.reject(error);
    }
    const run = (): Promise<R> =>
      transaction(
        { opening, schemaName: tenant.schemaName },
        readOnly,
        (trx, effects) =>
          fn(
            Object.freeze({
              tenant,
              trx: trx as TenantTrx,
              afterCommit: (effect: Effect) => void effects.push(effect),
            }),
          ),
        () => gate.leave(tenant.id),
      );
    const turn = gate.enter(tenant.id, patienceHere);
    return turn ? turn.then(run) : run();
  }

  const tenancy: Tenancy = {
    read: (tenant, fn) => asTenant(tenant, true, fn),
    write: (tenant, fn) => asTenant(tenant, false, fn),
    central: (fn, { readOnly = false } = {}) =>
      refuseNesting() ??
      transaction(
        { opening: centralOpening({ readOnly }) },
        readOnly,
        (trx, effects) =>
          fn(
            Object.freeze({
              trx: trx as CentralTrx,
              afterCommit: (effect: Effect) => void effects.push(effect),
            }),
          ),
        () => {},
      ),
    async forEach(tenants, fn, { concurrency = 2 } = {}) {
      const failures: ForEachFailure<(typeof tenants extends Iterable<infer T> ? T : never) & TenantRef>[] =
        [];
      const queue = tenants[Symbol.iterator]();
      const worker = async () => {
        for (let next = queue.next(); !next.done; next = queue.next()) {
          const tenant = next.value;
          await asTenant(tenant, false, fn, OPERATOR_PATIENCE).catch((error: unknown) =>
            failures.push({ tenant, error }),
          );
        }
      };
      await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));
      return failures;
    },
    pool: { stats: () => readPool(knex, gate.stats()) },
  };
  return tenancy;
}
