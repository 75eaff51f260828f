import { Readable } from 'node:stream';
import * as contracts from '@preau/contracts/bundles';
import type { FastifyReply } from 'fastify';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentBundle } from './bundle.presenter.ts';
import type { BundleRow } from './bundle.read-model.ts';

const confirmationOf = (headers: Readonly<Record<string, string | string[] | undefined>>) =>
  headers['x-confirm'] as string | undefined;

/** The job to watch, and its address. */
function started<T extends { job_id: string }>(reply: FastifyReply, answer: T): T {
  reply.header('location', `/api/v1/jobs/${answer.job_id}/`);
  return answer;
}

/** Name under which it lands in a folder of downloads. */
const fileName = ({ subdomain, created_at: at, storage_key: key }: BundleRow): string =>
  `${subdomain}-${at.toISOString().slice(0, 10)}${/\.tar.*$/.exec(key)?.[0] ?? '.tar'}`;

function send(
  reply: FastifyReply,
  type: string,
  { row, content }: { row: BundleRow; content: Readable },
): never {
  reply.headers({
    'content-type': type,
    'content-length': Number(row.bytes),
    'content-disposition': `attachment; filename="${fileName(row)}"`,
    'cache-control': 'no-store',
  });
  return content as never;
}

export const bundleRoutes = ({ bundles }: Services): BoundRoute[] => [
  bind(contracts.listAllBundles, async ({ query, reply }) => {
    const { count, rows } = await bundles.list(query);
    return { count, ...pageLinks(reply, query, count), results: rows.map(presentBundle) };
  }),
  bind(contracts.restoreErased, async ({ params, body, headers, origin, reply }) =>
    started(reply, await bundles.restore(origin, params.id, body, confirmationOf(headers))),
  ),
  bind(contracts.importBundle, async (call) => {
    const { content } = await call.upload();
    const { job_id, tenant_id } = await bundles.takeIn(
      call.origin,
      Readable.from(content, { objectMode: false }),
      call.query.subdomain,
    );
    return started(call.reply, { job_id, tenant_id });
  }),
  bind(contracts.listBundles, async ({ params, query, reply }) => {
    const { count, rows } = await bundles.list({ ...query, tenantId: params.id });
    return { count, ...pageLinks(reply, query, count), results: rows.map(presentBundle) };
  }),
  bind(contracts.makeBundle, async ({ params, body, origin, reply }) =>
    started(reply, await bundles.make(origin, params.id, { kind: body.kind })),
  ),
  bind(contracts.getBundle, async ({ params }) => presentBundle(await bundles.get(params.bid, params.id))),
  bind(contracts.downloadBundle, async ({ params, origin, reply }) =>
    send(reply, 'application/octet-stream', await bundles.download(origin, params.bid, params.id)),
  ),
  bind(contracts.restoreBundle, async ({ params, body, headers, origin, reply }) => {
    await bundles.get(params.bid, params.id);
    return started(reply, await bundles.restore(origin, params.bid, body, confirmationOf(headers)));
  }),
  bind(contracts.verifyBundle, async ({ params, body, origin, reply }) =>
    started(reply, await bundles.verify(origin, params.bid, params.id, body.drill ?? false)),
  ),
  bind(contracts.deleteBundle, async ({ params, origin }) => {
    await bundles.remove(origin, params.bid, params.id);
    return undefined;
  }),
  bind(contracts.cloneTenant, async ({ params, body, origin, reply }) =>
    started(reply, await bundles.clone(origin, params.id, body)),
  ),

  bind(contracts.listExports, async (call) => {
    const { count, rows } = await bundles.list({
      ...call.query,
      tenantId: schoolOf(call).id,
      cause: 'school',
    });
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentBundle) };
  }),
  bind(contracts.makeExport, async (call) => {
    const { id } = schoolOf(call);
    const { bundle_id } = await bundles.make(call.origin, id, { kind: 'export', cause: 'school' });
    return presentBundle(await bundles.get(bundle_id, id));
  }),
  bind(contracts.getExport, async (call) =>
    presentBundle(await bundles.getOwnExport(call.params.id, schoolOf(call).id)),
  ),
  bind(contracts.downloadExport, async (call) => {
    const { id } = schoolOf(call);
    await bundles.getOwnExport(call.params.id, id);
    return send(call.reply, 'application/x-tar', await bundles.download(call.origin, call.params.id, id));
  }),
];
