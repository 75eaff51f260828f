import * as contracts from '@preau/contracts/messaging';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { sendContent } from '../media/index.ts';
import { presentAround, presentReport } from './messaging.presenter.ts';

export const messageReportRoutes = ({ messageFiles, messageReports, storage }: Services): BoundRoute[] => [
  bind(contracts.reportMessage, async (call) => {
    const { id, message: messageId } = call.params;
    await messageReports.report(schoolOf(call), call.origin, id, messageId, call.body.reason);
    return undefined;
  }),
  bind(contracts.listMessageReports, async (call) => {
    const { count, rows } = await messageReports.list(schoolOf(call), call.origin, call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentReport(row, call.actor)),
    };
  }),
  bind(contracts.getMessageReport, async (call) => {
    const { report, around } = await messageReports.get(schoolOf(call), call.origin, call.params.id);
    return {
      ...presentReport(report, call.actor),
      around: around.map((message) => presentAround(message, call.actor)),
    };
  }),
  bind(contracts.getReportedFile, async (call) => {
    const { variant, download = false } = call.query;
    const content = await messageFiles.reportedContent(schoolOf(call), call.origin, call.params, {
      variant,
      accept: call.headers['accept'] as string | undefined,
    });
    // Each look is in the trail.
    return sendContent(storage, call, content, { download, cacheControl: 'private, no-store' });
  }),
  bind(contracts.resolveMessageReport, async (call) => {
    await messageReports.resolve(schoolOf(call), call.origin, call.params.id, call.body.remove);
    return undefined;
  }),
];
