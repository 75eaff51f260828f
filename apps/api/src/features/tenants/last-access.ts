import type { Tenancy } from '@preau/tenancy';

export interface LastAccess {
  /** Notes that a school was used. Costs a set insertion. */
  touch(tenantId: string): void;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** Gathers which schools were used and writes them in one statement now and then, not one a request. */
export function createLastAccess(
  tenancy: Tenancy,
  { every = 15_000, onError }: { every?: number; onError(error: unknown): void },
): LastAccess {
  let touched = new Set<string>();
  const flush = async () => {
    if (touched.size === 0) return;
    const ids = [...touched];
    touched = new Set();
    await tenancy.central(async ({ trx }) => {
      await trx.raw('UPDATE public.tenants SET last_accessed_at = now() WHERE id = ANY(?)', [ids]);
    });
  };
  const timer = setInterval(() => void flush().catch(onError), every);
  timer.unref();
  return {
    touch: (tenantId) => void touched.add(tenantId),
    flush,
    async close() {
      clearInterval(timer);
      await flush().catch(onError);
    },
  };
}
