import { describe, expect, it, vi } from 'vitest';
import { createFairGate, TenantBusyError } from './fair-gate.ts';

const gate = (limits: { total?: number; perTenant?: number; maxWaiting?: number } = {}) =>
  createFairGate({ total: 4, perTenant: 2, maxWaiting: 100, ...limits });

/** Enters, and writes its name down when it is in. */
function enter(doors: ReturnType<typeof gate>, tenant: string, order: string[]): void {
  const turn = doors.enter(tenant, 60_000);
  if (!turn) return void order.push(tenant);
  turn.then(
    () => order.push(tenant),
    () => order.push(`${tenant} refused`),
  );
}

describe('the fair gate', () => {
  it('lets in at once where there is room, without a promise', () => {
    const doors = gate();
    expect([doors.enter('a', 1), doors.enter('a', 1), doors.enter('b', 1)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(doors.stats()).toMatchObject({ running: 3, waiting: 0 });
  });

  it('gives a tenant no more than its bound, however much room there is', async () => {
    const doors = gate();
    const order: string[] = [];
    for (let i = 0; i < 5; i++) enter(doors, 'a', order);
    expect(order).toEqual(['a', 'a']);
    enter(doors, 'b', order);
    expect(order).toEqual(['a', 'a', 'b']);
    doors.leave('a');
    await Promise.resolve();
    expect(order).toEqual(['a', 'a', 'b', 'a']);
    expect(doors.stats()).toMatchObject({ running: 3, waiting: 2, waitingTenants: 1 });
  });

  it('lets tenants take turns, whatever the number that each has waiting', async () => {
    const doors = gate({ total: 1, perTenant: 1 });
    const order: string[] = [];
    for (let i = 0; i < 50; i++) enter(doors, 'noisy', order);
    enter(doors, 'b', order);
    enter(doors, 'c', order);
    for (const tenant of ['noisy', 'noisy', 'b', 'c']) {
      doors.leave(tenant);
      await Promise.resolve();
    }
    expect(order).toEqual(['noisy', 'noisy', 'b', 'c', 'noisy']);
  });

  it('refuses after the patience of a caller, and forgets it', async () => {
    vi.useFakeTimers();
    try {
      const doors = gate({ perTenant: 1 });
      void doors.enter('a', 1_000);
      const refusal = doors.enter('a', 1_000)?.catch((error: unknown) => error);
      await vi.advanceTimersByTimeAsync(1_000);
      expect(await refusal).toBeInstanceOf(TenantBusyError);
      expect(doors.stats()).toMatchObject({ running: 1, waiting: 0, waitingTenants: 0, refused: 1 });
      doors.leave('a');
      expect(doors.stats().running).toBe(0);
      expect(doors.enter('a', 1_000)).toBeUndefined();
    } finally {
      vi.useRealTimers();
    }
  });

  it('refuses at once when too many of a tenant wait, and only of that tenant', async () => {
    const doors = gate({ total: 1, perTenant: 1, maxWaiting: 1 });
    const order: string[] = [];
    for (let i = 0; i < 3; i++) enter(doors, 'a', order);
    enter(doors, 'b', order);
    await new Promise((resolve) => setImmediate(resolve));
    expect(order).toEqual(['a', 'a refused']);
    expect(doors.stats()).toMatchObject({ waiting: 2, refused: 1 });
  });
});
