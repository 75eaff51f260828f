import * as contracts from '@preau/contracts/media';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentMedia } from './media.presenter.ts';

export const mediaRoutes = ({ media, uploads, storageLedger }: Services): BoundRoute[] => [
  bind(contracts.listMedia, async (call) => {
    const { rows, cursor } = await media.list(schoolOf(call), call.query);
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries({ ...call.query, cursor })) query.set(name, String(value));
    return {
      next: cursor === null ? null : `/api/v1/media/?${query.toString()}`,
      results: rows.map((row) => presentMedia(row, call.actor)),
    };
  }),
  bind(contracts.uploadMedia, async (call) => {
    const rows = await uploads.upload(schoolOf(call), call.origin, call.files());
    if (rows.length === 1) call.reply.header('location', `/api/v1/media/${rows[0]?.id}/`);
    return { results: rows.map((file) => presentMedia({ file, variants: [] }, call.actor)) };
  }),
  bind(contracts.mediaUsage, async (call) => {
    const { used, reserved, limit, told } = await storageLedger.room(schoolOf(call).id);
    return {
      used_bytes: used,
      reserved_bytes: reserved,
      limit_bytes: limit,
      largest_file_bytes: uploads.mostBytes,
      warning: told as 0,
    };
  }),
  bind(contracts.getMedia, async (call) => {
    const detail = await media.get(schoolOf(call), call.params.id, call.actor);
    return withVersion(call, detail.file.version, presentMedia(detail, call.actor));
  }),
  bind(contracts.updateMedia, async (call) => {
    const { params, body, headers, origin, actor, reply } = call;
    const detail = await media.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, detail.file.version, presentMedia(detail, actor));
  }),
  bind(contracts.trashMedia, async (call) => {
    await media.trash(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.restoreMedia, async (call) =>
    presentMedia(await media.restore(schoolOf(call), call.origin, call.params.id), call.actor),
  ),
  bind(contracts.deleteMedia, async (call) => {
    await media.remove(schoolOf(call), call.origin, call.params.id);
    return undefined;
  }),
];
