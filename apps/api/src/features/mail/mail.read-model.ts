import type { MailQuery } from '@preau/contracts/mails';
import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';
import type { Knex } from 'knex';
import { AppError } from '../../platform/app-error.ts';

export interface MailRow {
  id: string;
  tenant_id: string | null;
  tenant_name: string | null;
  tenant_subdomain: string | null;
  kind: string;
  recipient: string;
  language: Language;
  status: 'queued' | 'sent' | 'kept' | 'failed';
  subject: string | null;
  attempts: number;
  failure: string | null;
  created_at: Date;
  sent_at: Date | null;
  expires_at: Date;
}

const COLUMNS =
  'id tenant_id kind recipient language status subject attempts failure created_at sent_at expires_at'
    .split(' ')
    .map((column) => `m.${column}`);

const rows = (trx: CentralTrx) =>
  trx('public.mails as m')
    .leftJoin('public.tenants as t', 't.id', 'm.tenant_id')
    .select(...COLUMNS, 't.name as tenant_name', 't.subdomain as tenant_subdomain');

function applyFilters(builder: Knex.QueryBuilder, { status, search }: MailQuery): void {
  if (status) builder.where('m.status', status);
  if (search) builder.whereRaw('strpos(m.recipient, ?) > 0', [search.trim().toLowerCase()]);
}

/** One page of mails, latest first. What they say is not in it. */
export async function listMailRows(
  trx: CentralTrx,
  query: MailQuery,
): Promise<{ count: number; rows: MailRow[] }> {
  const { page = 1, page_size: size = 20 } = query;
  const counted = trx('public.mails as m');
  applyFilters(counted, query);
  const [{ count }] = (await counted.count('* as count')) as [{ count: string }];
  const paged = rows(trx)
    .orderBy('m.id', 'desc')
    .limit(size)
    .offset((page - 1) * size);
  applyFilters(paged, query);
  return { count: Number(count), rows: (await paged) as MailRow[] };
}

/** One mail with its words, as long as they are kept. Throws `not_found`. */
export async function getMailRow(
  trx: CentralTrx,
  id: string,
): Promise<MailRow & { body_text: string | null; body_html: string | null }> {
  const row = (await rows(trx).select('m.body_text', 'm.body_html').where('m.id', id).first()) as
    | (MailRow & { body_text: string | null; body_html: string | null })
    | undefined;
  if (!row) throw new AppError('not_found');
  return row;
}
