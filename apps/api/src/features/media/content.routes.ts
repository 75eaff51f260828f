import * as contracts from '@preau/contracts/media';
import { auditTenant } from '../audit/index.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { sendContent } from './send-content.ts';

/** A member whose rights end keeps what they have seen for so long, and no longer. */
const OWN = 'private, max-age=300';
/** A link may be taken for what it was until it expires, not after. */
const SHARED_SECONDS = 300;

export const contentRoutes = ({ mediaContent, mediaLinks, storage, tenancy }: Services): BoundRoute[] => [
  bind(contracts.mediaContent, async (call) => {
    const { variant, download = false } = call.query;
    const accept = call.headers['accept'] as string | undefined;
    const content = await mediaContent.find(schoolOf(call), call.params.id, { variant, accept });
    return sendContent(storage, call, content, { download, cacheControl: OWN });
  }),
  bind(contracts.linkMedia, async (call) => {
    const { variant, expires_in: seconds = 3_600 } = call.body;
    const school = schoolOf(call);
    const { id } = call.params;
    // Also says whether there is such a file.
    await mediaContent.find(school, id, {});
    const expiresAt = new Date(Math.floor(Date.now() / 1_000 + seconds) * 1_000);
    await tenancy.write(school, ({ trx }) =>
      auditTenant(trx, call.origin, {
        action: 'media.link',
        target: { type: 'media', id },
        after: { variant: variant ?? null, expires_at: expiresAt.toISOString() },
      }),
    );
    const token = mediaLinks.token(school.id, { id, variant, expiresAt });
    return { url: `/api/v1/media/shared/${token}/`, expires_at: expiresAt.toISOString() };
  }),
  bind(contracts.sharedMedia, async (call) => {
    const school = schoolOf(call);
    const { id, variant, expiresAt } = mediaLinks.open(school.id, call.params.token);
    const accept = call.headers['accept'] as string | undefined;
    const content = await mediaContent.find(school, id, { variant, accept });
    const left = Math.max(0, Math.floor((expiresAt.getTime() - Date.now()) / 1_000));
    return sendContent(storage, call, content, {
      download: call.query.download ?? false,
      cacheControl: `private, max-age=${Math.min(left, SHARED_SECONDS)}`,
    });
  }),
];
