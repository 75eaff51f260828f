import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import { LANGUAGES, MAIL_STATUSES } from './vocabulary.ts';

const MailStatus = Type.Enum([...MAIL_STATUSES], {
  description: 'kept: there is no server to send it by, and it can be read here',
});

export const Mail = Type.Object({
  id: Uuid,
  kind: Type.String({ description: 'What it is about, e.g. identity.reset_password' }),
  to: Type.String(),
  tenant: Nullable(Type.Object({ id: Uuid, name: Type.String(), subdomain: Type.String() })),
  language: Type.Enum([...LANGUAGES]),
  subject: Nullable(Type.String()),
  status: MailStatus,
  attempts: Type.Integer(),
  failure: Nullable(Type.String({ description: 'What the server said last' })),
  created_at: DateTime,
  sent_at: Nullable(DateTime),
  expires_at: DateTime,
});
export type Mail = Static<typeof Mail>;

/** The words are there only if the mail was kept, and until its links have expired. */
export const MailWithText = Type.Object({
  ...Mail.properties,
  text: Nullable(Type.String()),
  html: Nullable(Type.String()),
});
export type MailWithText = Static<typeof MailWithText>;

export const MailQuery = Type.Object(
  {
    ...PageQuery,
    status: Type.Optional(MailStatus),
    search: Type.Optional(Type.String({ maxLength: 254, description: 'Part of the address' })),
  },
  { additionalProperties: false },
);
export type MailQuery = Static<typeof MailQuery>;

const platform = { zone: 'platform', tag: 'mails', permission: 'mails:read' } as const;

export const listMails = defineRoute({
  ...platform,
  name: 'listMails',
  method: 'GET',
  path: '/platform/mails/',
  summary: 'Mails, latest first, without what they say',
  query: MailQuery,
  success: {
    status: 200,
    schema: Type.Object({
      sends: Type.Boolean({ description: 'Whether mail leaves the installation (SMTP_URL)' }),
      ...Page(Mail).properties,
    }),
  },
});
export const getMail = defineRoute({
  ...platform,
  name: 'getMail',
  method: 'GET',
  path: '/platform/mails/:id/',
  summary: 'One mail, with what it says while that is kept',
  params: Id,
  success: { status: 200, schema: MailWithText },
});
