import type { Tenancy, TenantRef } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import { activeMembers } from '../groups/index.ts';
import type { KeptFiles } from '../media/index.ts';
import type { NotificationService } from '../notifications/index.ts';
import type { RealtimeHub } from '../realtime/index.ts';
import { announce } from './conversation-audience.ts';
import { dropFilesOf } from './message-files.repository.ts';
import { getReportRow, listReportRows } from './message-reports.read-model.ts';
import { Conversation, Message, MessageReport } from './messaging.model.ts';
import { messageReported, reportResolved } from './messaging.notifications.ts';
import { getConversationRow } from './messaging.read-model.ts';
import { talker } from './talker.ts';

export type MessageReportService = ReturnType<typeof createMessageReportService>;

/** What readers show to the administrators, and what they do about it. */
export function createMessageReportService({
  tenancy,
  realtime,
  notifications,
  files,
}: {
  tenancy: Tenancy;
  realtime: RealtimeHub;
  notifications: NotificationService;
  files: Pick<KeptFiles, 'sweep'>;
}) {
  return {
    report: (
      tenant: TenantRef,
      origin: Origin,
      id: string,
      messageId: string,
      reason: string,
    ): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const reporter = talker(origin.actor);
        await getConversationRow(trx, id, reporter.id);
        const message = await Message.query(trx).findOne({ id: messageId, conversation_id: id }).forUpdate();
        if (!message) throw new AppError('not_found');
        await MessageReport.query(trx)
          .insert({
            id: uuidv7(),
            message_id: messageId,
            reporter_id: reporter.id,
            reporter_name: reporter.fullName,
            reason: reason.trim(),
          })
          .onConflict(['message_id', 'reporter_id'])
          // What was left once and is shown again waits again.
          .merge({ reason: reason.trim(), resolved_at: null });
        await auditTenant(trx, origin, {
          action: 'message.report',
          target: { type: 'message', id: messageId },
        });
        const members = [...(await activeMembers(trx, null)).values()];
        const admins = members.filter(({ role, id: one }) => role === 'admin' && one !== reporter.id);
        await notifications.notify(scope, {
          kind: messageReported,
          userIds: admins.map(({ id: one }) => one),
          data: { from: reporter.fullName },
          subject: messageId,
        });
      }),

    /** Shows what was said in confidence: the trail says who looked. */
    list: (tenant: TenantRef, origin: Origin, query: { page?: number; page_size?: number }) =>
      tenancy.write(tenant, async ({ trx }) => {
        talker(origin.actor);
        await auditTenant(trx, origin, {
          action: 'message_report.list',
          target: { type: 'message_report', id: null },
        });
        return listReportRows(trx, query);
      }),

    /** With what was said around it. Throws `not_found`. */
    get: (tenant: TenantRef, origin: Origin, id: string) =>
      tenancy.write(tenant, async ({ trx }) => {
        talker(origin.actor);
        const found = await getReportRow(trx, id);
        await auditTenant(trx, origin, {
          action: 'message_report.read',
          target: { type: 'message', id: found.report.message.id },
        });
        return found;
      }),

    /** Ends all that is reported of the message, and tells those who reported it. Throws `not_found`. */
    resolve: (tenant: TenantRef, origin: Origin, id: string, remove: boolean): Promise<void> =>
      tenancy.write(tenant, async (scope) => {
        const { trx } = scope;
        const report = await MessageReport.query(trx).findById(id).forUpdate();
        if (!report || report.resolved_at) throw new AppError('not_found');
        const resolved = await MessageReport.query(trx)
          .patch({ resolved_at: new Date() })
          .where({ message_id: report.message_id })
          .whereNull('resolved_at')
          .returning('reporter_id');
        const message = await Message.query(trx).findById(report.message_id).forUpdate();
        const conversation = message && (await Conversation.query(trx).findById(message.conversation_id));
        let dropped = 0;
        // What its author took back stays that, whatever is decided.
        const goes = remove || message?.taken_back_at !== null;
        if (goes && conversation) {
          await Message.query(trx).patch({ body: null }).where({ id: report.message_id });
          dropped = await dropFilesOf(trx, [report.message_id]);
          if (dropped > 0) scope.afterCommit(() => files.sweep(tenant));
          await announce(realtime, trx, conversation.id, conversation.group_id);
        }
        await auditTenant(trx, origin, {
          action: 'message_report.resolve',
          target: { type: 'message', id: report.message_id },
          after: { removed: remove, files: dropped },
        });
        if (conversation)
          await notifications.notify(scope, {
            kind: reportResolved,
            userIds: resolved.map(({ reporter_id: one }) => one),
            data: { id: conversation.id, removed: goes },
            subject: report.message_id,
          });
      }),
  };
}
