import * as contracts from '@preau/contracts/mails';
import type { Mail } from '@preau/contracts/mails';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import type { MailRow } from './mail.read-model.ts';

const present = (row: MailRow): Mail => ({
  id: row.id,
  kind: row.kind,
  to: row.recipient,
  tenant:
    row.tenant_id === null
      ? null
      : { id: row.tenant_id, name: row.tenant_name ?? '', subdomain: row.tenant_subdomain ?? '' },
  language: row.language,
  subject: row.subject,
  status: row.status,
  attempts: row.attempts,
  failure: row.failure,
  created_at: row.created_at.toISOString(),
  sent_at: row.sent_at?.toISOString() ?? null,
  expires_at: row.expires_at.toISOString(),
});

export const mailRoutes = ({ mails }: Services): BoundRoute[] => [
  bind(contracts.listMails, async ({ query, reply }) => {
    const { count, rows } = await mails.list(query);
    return { sends: mails.sends, count, ...pageLinks(reply, query, count), results: rows.map(present) };
  }),
  bind(contracts.getMail, async ({ params, origin }) => {
    const row = await mails.read(origin, params.id);
    return { ...present(row), text: row.body_text, html: row.body_html };
  }),
];
