import { MOST_WAITING_FILES } from '@preau/contracts/messaging';
import type { MediaVariant } from '@preau/contracts/media';
import type { Tenancy, TenantRef } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { assertMay, auditTenant, type Actor, type Origin } from '../audit/index.ts';
import type { FormFile } from '../define-feature.ts';
import { mediaKind, type KeptFile, type KeptFiles } from '../media/index.ts';
import { assertFileOf, dropWaiting, KEEPING, waitingOf } from './message-files.repository.ts';
import { Message } from './messaging.model.ts';
import { getConversationRow } from './messaging.read-model.ts';
import { openReportRow } from './message-reports.read-model.ts';
import { talker } from './talker.ts';

export type MessageFileService = ReturnType<typeof createMessageFileService>;

type School = TenantRef & { modulesEnabled?: Readonly<Record<string, boolean>> };
/** How a reader wants it. */
interface Asking {
  variant?: MediaVariant | undefined;
  accept?: string | undefined;
}
type Stored = Awaited<ReturnType<KeptFiles['copy']>>;

const described = ({ id, name, media_type, bytes, uploader_id, created_at }: Stored): KeptFile => ({
  id,
  name,
  media_type,
  kind: mediaKind(media_type),
  bytes: Number(bytes),
  uploader_id,
  created_at,
});

/** Files of messages: read by those who read the message, by administrators when it was reported, and by nobody else. */
export function createMessageFileService({ tenancy, files }: { tenancy: Tenancy; files: KeptFiles }) {
  /** Two requests at once may both find room: the bound is against heaps, not to the file. */
  async function assertRoom(tenant: TenantRef, userId: string): Promise<void> {
    const waiting = await tenancy.read(tenant, ({ trx }) => waitingOf(trx, userId));
    if (waiting.length >= MOST_WAITING_FILES)
      throw new AppError('too_many_waiting_files', { details: { limit: MOST_WAITING_FILES } });
  }

  return {
    /** Takes files in that one is about to send. */
    async receive(tenant: TenantRef, origin: Origin, incoming: AsyncIterable<FormFile>): Promise<KeptFile[]> {
      await assertRoom(tenant, talker(origin.actor).id);
      return (await files.receive(tenant, origin, incoming, KEEPING)).map(described);
    },

    /** Copies a file of the library, for who may look into it. Throws `module_disabled`, `permission_denied`, `not_found`. */
    async fromLibrary(school: School, origin: Origin, mediaId: string): Promise<KeptFile> {
      const { id } = talker(origin.actor);
      if (school.modulesEnabled?.['media'] === false)
        throw new AppError('module_disabled', { details: { module: 'media' } });
      assertMay(origin.actor, 'media:browse');
      await assertRoom(school, id);
      return described(await files.copy(school, origin, mediaId, KEEPING));
    },

    /** Throws `not_found` for what is not one's own, or was sent. */
    drop: (tenant: TenantRef, origin: Origin, id: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx, afterCommit }) => {
        const { media_type, bytes } = await dropWaiting(trx, talker(origin.actor).id, id);
        await auditTenant(trx, origin, {
          action: 'message_file.delete',
          target: { type: 'media', id },
          before: { media_type, bytes },
        });
        afterCommit(() => files.sweep(tenant));
      }),

    /** What to send of a file of a message in one of the reader's conversations. Throws `not_found` for any other. */
    async content(
      tenant: TenantRef,
      actor: Actor,
      { id, message, file }: { id: string; message: string; file: string },
      asking: Asking,
    ) {
      await tenancy.read(tenant, async ({ trx }) => {
        await getConversationRow(trx, id, talker(actor).id);
        const said = { id: message, conversation_id: id, taken_back_at: null };
        if (!(await Message.query(trx).findOne(said))) throw new AppError('not_found');
        await assertFileOf(trx, file, message);
      });
      return files.find(tenant, file, { ...asking, keeper: KEEPING.keeper });
    },

    /** The same of a message that was reported, for whoever deals with it: the trail says who looked. */
    async reportedContent(
      tenant: TenantRef,
      origin: Origin,
      { id, file }: { id: string; file: string },
      asking: Asking,
    ) {
      await tenancy.write(tenant, async ({ trx }) => {
        talker(origin.actor);
        const report = await openReportRow(trx, id);
        await assertFileOf(trx, file, report.message_id);
        await auditTenant(trx, origin, {
          action: 'message_report.open_file',
          target: { type: 'message', id: report.message_id },
        });
      });
      return files.find(tenant, file, { ...asking, keeper: KEEPING.keeper });
    },
  };
}
