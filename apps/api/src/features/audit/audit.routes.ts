import { Readable } from 'node:stream';
import * as contracts from '@preau/contracts/audit';
import type { AuditFilters, AuditPage } from '@preau/contracts/audit';
import type { FastifyReply } from 'fastify';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { csvOf, presentAuditRow } from './audit.presenter.ts';
import {
  COUNTED,
  type AuditQuery,
  type AuditRecord,
  type AuditSubject,
  type Cursor,
} from './audit.read-model.ts';
import type { Origin } from './origin.ts';

interface Paging {
  page?: number;
  page_size?: number;
  cursor?: string;
  newer?: string;
}

const subjectOf = (tenant: string | undefined): AuditSubject =>
  tenant === undefined ? 'all' : tenant === 'platform' ? 'platform' : { tenantId: tenant.toLowerCase() };

const cursorOf = ({ cursor, newer }: Paging): Cursor | null =>
  newer ? { than: 'newer', row: newer } : cursor ? { than: 'older', row: cursor } : null;

const filtersOf = ({ actor, action, since, until, search }: AuditFilters): AuditFilters => ({
  ...(actor === undefined ? {} : { actor }),
  ...(action === undefined ? {} : { action }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
  ...(search === undefined ? {} : { search }),
});

/** The same address with another cursor. */
function link(reply: FastifyReply, than: 'cursor' | 'newer', row: AuditRecord | undefined): string | null {
  if (!row) return null;
  const { url } = reply.request;
  const mark = url.indexOf('?');
  const parameters = new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1));
  for (const name of ['page', 'cursor', 'newer']) parameters.delete(name);
  parameters.set(than, `${row.at_us}-${row.seq}`);
  return `${(mark < 0 ? url : url.slice(0, mark)).replace(/^\/+/, '/')}?${parameters.toString()}`;
}

export const auditRoutes = ({ audit }: Services): BoundRoute[] => {
  async function page(reply: FastifyReply, query: AuditQuery, paging: Paging): Promise<AuditPage> {
    const { page_size: size = 20, page: number = 1 } = paging;
    const cursor = cursorOf(paging);
    const offset = (number - 1) * size;
    // One more than is shown says whether there is a next page.
    const { rows, count } = await audit.page(query, { cursor, limit: size + 1, offset });
    const more = rows.length > size;
    const newer = cursor?.than === 'newer';
    const shown = newer ? rows.slice(more ? 1 : 0) : rows.slice(0, size);
    const started = cursor !== null || offset > 0;
    return {
      count: Math.min(count, COUNTED),
      count_is_exact: count <= COUNTED,
      next: newer || more ? link(reply, 'cursor', shown.at(-1)) : null,
      previous: newer
        ? more
          ? link(reply, 'newer', shown[0])
          : null
        : started
          ? link(reply, 'newer', shown[0])
          : null,
      results: shown.map(presentAuditRow),
    };
  }

  function csv(reply: FastifyReply, origin: Origin, tenantId: string | null, query: AuditQuery): never {
    async function* pieces(): AsyncGenerator<string> {
      let first = true;
      for await (const rows of audit.export(origin, tenantId, query)) {
        yield csvOf(rows, first);
        first = false;
      }
    }
    const day = new Date().toISOString().slice(0, 10);
    reply.headers({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="audit-${day}.csv"`,
    });
    return Readable.from(pieces()) as never;
  }

  return [
    bind(contracts.listAudit, ({ query, reply }) =>
      page(reply, { subject: subjectOf(query.tenant), ...filtersOf(query) }, query),
    ),
    bind(contracts.exportAudit, async ({ query, reply, origin }) => {
      const subject = subjectOf(query.tenant);
      const tenantId = typeof subject === 'string' ? null : subject.tenantId;
      return csv(reply, origin, tenantId, { subject, ...filtersOf(query) });
    }),
    bind(contracts.verifyAudit, ({ query }) => {
      const subject = subjectOf(query.tenant);
      return audit.verify(subject === 'all' ? undefined : subject === 'platform' ? null : subject.tenantId);
    }),
    bind(contracts.listOwnAudit, (call) =>
      page(call.reply, { subject: { tenantId: schoolOf(call).id }, ...filtersOf(call.query) }, call.query),
    ),
    bind(contracts.exportOwnAudit, async (call) => {
      const { id } = schoolOf(call);
      return csv(call.reply, call.origin, id, { subject: { tenantId: id }, ...filtersOf(call.query) });
    }),
    bind(contracts.verifyOwnAudit, (call) => audit.verify(schoolOf(call).id)),
  ];
};
