import type { MediaFile as MediaView, MediaVariant } from '@preau/contracts/media';
import type { Actor } from '../audit/index.ts';
import { mediaKind } from './file-kind.ts';
import type { MediaDetail } from './media.read-model.ts';
import { mayEdit, purgedAt } from './media.service.ts';

export function presentMedia({ file, variants }: MediaDetail, actor: Actor): MediaView {
  const byName = Map.groupBy(variants, ({ variant }) => variant);
  return {
    id: file.id,
    name: file.name,
    alt: file.alt,
    folder: file.folder,
    purpose: file.purpose,
    media_type: file.media_type,
    kind: mediaKind(file.media_type),
    bytes: Number(file.bytes),
    sha256: file.sha256,
    width: file.width,
    height: file.height,
    url: `/api/v1/media/${file.id}/content/`,
    variants: [...byName].map(([variant, made]: [MediaVariant, typeof variants]) => ({
      variant,
      width: made[0]?.width ?? 0,
      height: made[0]?.height ?? 0,
      formats: made.map(({ format }) => format).toSorted(),
    })),
    uploader: { id: file.uploader_id, name: file.uploader_name },
    may_edit: mayEdit(actor, file),
    created_at: file.created_at.toISOString(),
    updated_at: file.updated_at.toISOString(),
    trashed_at: file.trashed_at?.toISOString() ?? null,
    purged_at: purgedAt(file)?.toISOString() ?? null,
  };
}
