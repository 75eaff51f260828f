import type { AuditProblem, AuditVerdict } from '@preau/contracts/audit';
import type { Tenancy } from '@preau/tenancy';
import { LRUCache } from 'lru-cache';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral } from './audit.repository.ts';
import { auditPage, auditRows, type AuditQuery, type AuditRecord, type Cursor } from './audit.read-model.ts';
import { headsOf, linksAfter, PLATFORM_CHAIN, unlinkedRows, type Head } from './chain.read-model.ts';
import type { Origin } from './origin.ts';
import { createChainWalk } from './verify-chain.ts';

export type AuditService = ReturnType<typeof createAuditService>;

/** Rows read at once: some megabytes, some milliseconds. */
const BATCH = 1_000;
const MOST_PROBLEMS = 100;
/** Milliseconds for which the same refusal of the same person is put down once. */
const SAME_REFUSAL = 60_000;

/** Reading the trail, proving it, and putting down what changes nothing. */
export function createAuditService({ tenancy }: { tenancy: Tenancy }) {
  const refusals = new LRUCache<string, true>({ max: 10_000, ttl: SAME_REFUSAL });

  async function* heads(chain: string | null): AsyncGenerator<Head> {
    for (let after: string | null = null; ;) {
      const from: string | null = after;
      const some: Head[] = await tenancy.central(({ trx }) => headsOf(trx, chain, from), { readOnly: true });
      yield* some;
      const last = some.at(-1);
      if (!last || some.length < 1_000) return;
      after = last.chain;
    }
  }

  async function verifyChain(
    chain: string,
    expected: Head | undefined,
    tell: (problem: AuditProblem) => void,
  ): Promise<number> {
    const tenant_id = chain === PLATFORM_CHAIN ? null : chain;
    const report = (problem: Omit<AuditProblem, 'tenant_id'>) => tell({ tenant_id, ...problem });
    const walk = createChainWalk(chain, report);
    let rows = 0;
    let met = expected === undefined;
    // A chain that grows between the two questions is asked again; one whose end is noted further on is asked but once more.
    for (let asked = 0; asked < 2;) {
      const { links, head } = await tenancy.central(
        async ({ trx }) => {
          const next = await linksAfter(trx, chain, walk.position, BATCH);
          return { links: next, head: (await headsOf(trx, chain, null))[0] };
        },
        { readOnly: true },
      );
      for (const link of links) {
        walk.take(link);
        rows += 1;
        if (expected && link.position === expected.position) met = link.hash === expected.hash;
      }
      asked = links.length > 0 ? 0 : asked + 1;
      if (links.length > 0 || (asked < 2 && (head?.position ?? 0) > walk.position)) continue;
      walk.end({ position: head?.position ?? 0, hash: head?.hash ?? '' }, tenant_id !== null);
      break;
    }
    if (!met && expected)
      report({ kind: 'rewritten', seq: null, position: expected.position, action: null, at: null });
    const unlinked = await tenancy.central(({ trx }) => unlinkedRows(trx, chain), { readOnly: true });
    for (const { seq, action, at } of unlinked)
      report({ kind: 'unlinked', seq: Number(seq), position: null, action, at: at.toISOString() });
    return rows;
  }

  return {
    /** A page of the trail, newest first. */
    page: (query: AuditQuery, page: Parameters<typeof auditPage>[2]) =>
      tenancy.central(({ trx }) => auditPage(trx, query, page), { readOnly: true }),

    /** All that fits, newest first, in batches; who took it out is put down before the first. */
    async *export(
      origin: Origin,
      tenantId: string | null,
      { subject, ...filters }: AuditQuery,
    ): AsyncGenerator<AuditRecord[]> {
      await tenancy.central(({ trx }) =>
        auditCentral(trx, origin, tenantId, {
          action: 'audit.export',
          target: { type: 'audit_log', id: null },
          after: { ...filters, of: typeof subject === 'string' ? subject : subject.tenantId },
        }),
      );
      for (let cursor: Cursor | null = null; ;) {
        const from: Cursor | null = cursor;
        const rows: AuditRecord[] = await tenancy.central(
          ({ trx }) => auditRows(trx, { subject, ...filters }, { cursor: from, limit: BATCH }),
          { readOnly: true },
        );
        yield rows;
        const last = rows.at(-1);
        if (!last || rows.length < BATCH) return;
        cursor = { than: 'older', row: `${last.at_us}-${last.seq}` };
      }
    },

    /**
     * Reckons chains anew, of one school, of the platform (`tenantId` null) or all (undefined), and says what does not fit.
     * `noted` are ends that were put down elsewhere: whoever can write everything in the database can write a whole chain.
     */
    async verify(tenantId: string | null | undefined, noted: readonly Head[] = []): Promise<AuditVerdict> {
      const problems: AuditProblem[] = [];
      let chains = 0;
      let rows = 0;
      let found = 0;
      const expected = new Map(noted.map((head) => [head.chain, head]));
      const only = tenantId === undefined ? null : (tenantId ?? PLATFORM_CHAIN);
      const tell = (problem: AuditProblem) => {
        found += 1;
        if (problems.length < MOST_PROBLEMS) problems.push(problem);
      };
      for await (const { chain } of heads(only)) {
        chains += 1;
        rows += await verifyChain(chain, expected.get(chain), tell);
        expected.delete(chain);
      }
      if (chains === 0) throw new AppError('not_found');
      // A chain that was noted and is not even known any more.
      for (const [chain, { position }] of expected)
        if (only === null || only === chain)
          tell({
            tenant_id: chain,
            kind: 'cut',
            seq: null,
            position: 1,
            until: position,
            action: null,
            at: null,
          });
      return { holds: found === 0, chains, rows, problems };
    },

    /** Where each chain ends now, to be put down elsewhere. */
    async heads(): Promise<Head[]> {
      const all: Head[] = [];
      for await (const head of heads(null)) if (head.position > 0) all.push(head);
      return all;
    },

    /** Somebody who is known asked for a change that is not theirs to make. */
    async refused(origin: Origin, tenantId: string | null, route: string, permission: string): Promise<void> {
      const { actor } = origin;
      if (actor.type === 'visitor') return;
      const key = `${actor.id}|${tenantId}|${route}`;
      if (refusals.has(key)) return;
      refusals.set(key, true);
      await tenancy.central(({ trx }) =>
        auditCentral(trx, origin, tenantId, {
          action: 'access.refuse',
          target: { type: 'route', id: route },
          after: { permission },
        }),
      );
    },
  };
}
