import { together, type TenantTrx } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import { filesOfMessages } from './message-files.repository.ts';
import { Message, MessageReport } from './messaging.model.ts';
import { withFiles, type MessageRow } from './messaging.read-model.ts';

/** Around a message that was reported: enough to see what it answers, and what came of it. */
const BEFORE = 5;
const AFTER = 2;

type Rows<Row> = PromiseLike<{ rows: Row[] }>;
type Found = Omit<ReportRow, 'message' | 'taken_back'> & { message: Bare };
type Bare = Omit<MessageRow, 'files'> & { taken_back_at: string | null };

export interface ReportRow {
  id: string;
  reason: string;
  reporter_id: string;
  reporter_name: string;
  created_at: Date;
  /** Its author took it back; only here it is still to be read. */
  taken_back: boolean;
  message: MessageRow;
}

const COLUMNS = `r.id, r.reason, r.reporter_id, r.reporter_name, r.created_at, to_jsonb(m) AS message
  FROM message_reports r JOIN messages m ON m.id = r.message_id WHERE r.resolved_at IS NULL`;

async function complete(trx: TenantTrx, rows: readonly Found[]): Promise<ReportRow[]> {
  const files = await filesOfMessages(
    trx,
    rows.map(({ message }) => message.id),
  );
  return rows.map(({ message: { taken_back_at: at, ...message }, ...row }) => ({
    ...row,
    taken_back: at !== null,
    message: { ...message, files: files.get(message.id) ?? [] },
  }));
}

export async function listReportRows(
  trx: TenantTrx,
  { page = 1, page_size: size = 20 }: { page?: number; page_size?: number },
): Promise<{ count: number; rows: ReportRow[] }> {
  const [counted, listed] = await together([
    trx.raw('SELECT count(*)::int AS count FROM message_reports WHERE resolved_at IS NULL') as Rows<{
      count: number;
    }>,
    trx.raw(`SELECT ${COLUMNS} ORDER BY r.created_at, r.id LIMIT ? OFFSET ?`, [
      size,
      (page - 1) * size,
    ]) as Rows<Found>,
  ]);
  return { count: counted.rows[0]?.count ?? 0, rows: await complete(trx, listed.rows) };
}

/** One that waits, and what was said around it in the same conversation, oldest first. Throws `not_found`. */
export async function getReportRow(
  trx: TenantTrx,
  id: string,
): Promise<{ report: ReportRow; around: MessageRow[] }> {
  const { rows } = await trx.raw<{ rows: Found[] }>(`SELECT ${COLUMNS} AND r.id = ?`, [id]);
  const [report] = await complete(trx, rows);
  if (!report) throw new AppError('not_found');
  const { id: messageId, conversation_id } = report.message;
  const of = () => Message.query(trx).where({ conversation_id });
  const earlier = await of().where('id', '<', messageId).orderBy('id', 'desc').limit(BEFORE);
  const later = await of().where('id', '>', messageId).orderBy('id').limit(AFTER);
  const [before, after] = [await withFiles(trx, earlier.toReversed()), await withFiles(trx, later)];
  return { report, around: [...before, report.message, ...after] };
}

/** Whether the message waits for an administrator. */
export async function isReported(trx: TenantTrx, messageId: string): Promise<boolean> {
  const report = await MessageReport.query(trx)
    .findOne({ message_id: messageId, resolved_at: null })
    .select('id');
  return report !== undefined;
}

/** One that waits, with no more than its own columns. Throws `not_found`. */
export async function openReportRow(trx: TenantTrx, id: string): Promise<MessageReport> {
  const report = await MessageReport.query(trx).findById(id);
  if (!report || report.resolved_at) throw new AppError('not_found');
  return report;
}
