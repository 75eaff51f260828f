/** A tenant already holds all the connections it may, and none came free in time. Ask again after `retryAfter` seconds. */
export class TenantBusyError extends Error {
  readonly tenantId: string;
  readonly retryAfter = 1;

  constructor(tenantId: string) {
    super('This tenant is using all the connections it may have');
    this.name = 'TenantBusyError';
    this.tenantId = tenantId;
  }
}

export interface GateLimits {
  /** Connections that tenants may hold together. */
  total: number;
  /** Connections that one tenant may hold. */
  perTenant: number;
  /** Callers of one tenant that may wait; one more is refused at once. */
  maxWaiting: number;
}

export interface GateStats extends GateLimits {
  running: number;
  waiting: number;
  /** Tenants that have somebody waiting. */
  waitingTenants: number;
  /** Turned away since the start. */
  refused: number;
}

export interface FairGate {
  /**
   * Takes a place for a tenant; undefined when there was one, else a promise that resolves when its turn comes. Rejects
   * with {@link TenantBusyError} after `patience` milliseconds. Who entered must `leave`.
   */
  enter(tenantId: string, patience: number): Promise<void> | undefined;
  leave(tenantId: string): void;
  stats(): GateStats;
}

interface Waiter {
  go(): void;
  timer: NodeJS.Timeout;
}

/**
 * Shares the places of a pool among tenants: none has more than its bound, and when there are too few, tenants take turns,
 * whatever the number of callers each has waiting. Without it the pool is one queue, and a school that sends two hundred
 * slow requests makes every other one wait for all of them.
 */
export function createFairGate(limits: GateLimits): FairGate {
  const running = new Map<string, number>();
  // Oldest tenant first; one that has had its turn goes to the end.
  const waiting = new Map<string, Set<Waiter>>();
  let total = 0;
  let queued = 0;
  let refused = 0;

  const mayRun = (tenantId: string): boolean =>
    total < limits.total && (running.get(tenantId) ?? 0) < limits.perTenant;

  function take(tenantId: string): void {
    total += 1;
    running.set(tenantId, (running.get(tenantId) ?? 0) + 1);
  }

  function forget(tenantId: string, queue: Set<Waiter>, waiter: Waiter): void {
    clearTimeout(waiter.timer);
    queue.delete(waiter);
    queued -= 1;
    if (queue.size === 0) waiting.delete(tenantId);
  }

  /** Lets in the next one whose tenant has room. */
  function next(): void {
    for (const [tenantId, queue] of waiting) {
      if (!mayRun(tenantId)) continue;
      const waiter = queue.values().next().value as Waiter;
      forget(tenantId, queue, waiter);
      if (queue.size > 0) {
        waiting.delete(tenantId);
        waiting.set(tenantId, queue);
      }
      take(tenantId);
      return waiter.go();
    }
  }

  return {
    enter(tenantId, patience) {
      let queue = waiting.get(tenantId);
      if (!queue && mayRun(tenantId)) {
        take(tenantId);
        return undefined;
      }
      if (queue && queue.size >= limits.maxWaiting) {
        refused += 1;
        return Promise.reject(new TenantBusyError(tenantId));
      }
      if (!queue) waiting.set(tenantId, (queue = new Set()));
      const line = queue;
      return new Promise((go, reject) => {
        const waiter: Waiter = {
          go,
          timer: setTimeout(() => {
            forget(tenantId, line, waiter);
            refused += 1;
            reject(new TenantBusyError(tenantId));
          }, patience),
        };
        line.add(waiter);
        queued += 1;
      });
    },
    leave(tenantId) {
      total -= 1;
      const left = (running.get(tenantId) ?? 1) - 1;
      if (left > 0) running.set(tenantId, left);
      else running.delete(tenantId);
      if (queued > 0) next();
    },
    stats: () => ({ ...limits, running: total, waiting: queued, waitingTenants: waiting.size, refused }),
  };
}
