import type { MailQuery } from '@preau/contracts/mails';
import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { derivePalette } from '@preau/theme';
import { v7 as uuidv7 } from 'uuid';
import { auditCentral, SYSTEM, type Origin } from '../audit/index.ts';
import { PLATFORM_COLOURS } from '../current-tenant/index.ts';
import type { JobService } from '../jobs/index.ts';
import type { MailDefinition, MailSite } from './define-mail.ts';
import { RefusedMail, type Envelope, type MailTransport } from './mail-transport.ts';
import { getMailRow, listMailRows } from './mail.read-model.ts';
import {
  countRecent,
  deleteMail,
  endMail,
  insertMail,
  noteFailure,
  sweepMails,
  takeMail,
  type MailToSend,
} from './mail.repository.ts';
import { writeMail, type WrittenMail } from './write-mail.ts';

export type MailService = ReturnType<typeof createMailService>;

export const SEND_MAIL = 'mail.send';
const KEPT_DAYS = 90;
const HOUR = 3_600_000;
/**
 * Mails of one kind that an address gets within an hour, whoever asks for them: nobody's mailbox is to be filled from our
 * forms. What is over it goes nowhere, and no answer tells: the mailbox holds links that are as good.
 */
const PER_HOUR = 5;

export interface MailToWrite {
  kind: string;
  to: string;
  /** The school in whose name it goes out; null for the platform's own. */
  tenantId: string | null;
  language: Language;
  data: object;
}

export interface MailServiceOptions {
  tenancy: Tenancy;
  jobs: JobService;
  kinds: ReadonlyMap<string, MailDefinition>;
  /** Null: mail is kept and shown in the console. */
  transport: MailTransport | null;
  from: string;
  baseDomain: string;
  urlOf: (host: string) => string;
}

/** Mail: written down in the transaction of what causes it, put into words and sent by a job, as often as it takes. */
export function createMailService(options: MailServiceOptions) {
  const { tenancy, jobs, kinds, transport, from, baseDomain, urlOf } = options;

  const kindOf = (kind: string): MailDefinition => {
    const definition = kinds.get(kind);
    if (!definition) throw new Error(`No feature declares mails of kind ${kind}`);
    return definition;
  };

  function siteOf({ name, domain }: Pick<MailToSend, 'name' | 'domain'>): MailSite {
    return {
      name: name ?? 'Préau',
      url: urlOf(domain ?? baseDomain),
      consoleUrl: urlOf(`console.${baseDomain}`),
      urlOf,
    };
  }

  function dress(mail: MailToSend, input: Record<string, unknown>): WrittenMail {
    const site = siteOf(mail);
    const { light } = derivePalette({
      primary: mail.primary_color ?? PLATFORM_COLOURS.primary,
      secondary: mail.secondary_color ?? PLATFORM_COLOURS.secondary,
    }).palette;
    return writeMail(kindOf(mail.kind).texts[mail.language](input, site), {
      name: site.name,
      language: mail.language,
      colours: { primary: light.primary, onPrimary: light.on_primary },
    });
  }

  const envelope = (mail: MailToSend, written: WrittenMail): Envelope => ({
    ...written,
    from: { name: mail.name ?? 'Préau', address: from },
    ...(mail.email ? { replyTo: mail.email } : {}),
    to: mail.recipient,
    // The same for every attempt: mailboxes show a mail once that came twice.
    messageId: `<${mail.id}@${from.slice(from.indexOf('@') + 1)}>`,
  });

  /** The words of a mail that is still to be sent; null when there is none, or nothing to say. */
  const prepare = (id: string): Promise<{ mail: MailToSend; written: WrittenMail } | null> =>
    tenancy.central(async ({ trx }) => {
      await sweepMails(trx, KEPT_DAYS);
      const mail = await takeMail(trx, id);
      if (!mail) return null;
      if (mail.expires_at.getTime() < Date.now()) {
        await noteFailure(trx, id, 'expired', true);
        return null;
      }
      const { prepare: look } = kindOf(mail.kind);
      const queued = { id, tenantId: mail.tenant_id, recipient: mail.recipient, data: mail.data };
      const input =
        (await countRecent(trx, mail)) >= PER_HOUR ? null : look ? await look(trx, queued) : mail.data;
      if (input === null) {
        await deleteMail(trx, id);
        return null;
      }
      return { mail, written: dress(mail, input) };
    });

  return {
    /** Whether mail leaves this installation. */
    sends: transport !== null,

    /** Writes a mail down in the caller's transaction: rolled back, there was none. @returns its id. */
    async enqueue(trx: CentralTrx, mail: MailToWrite): Promise<string> {
      const id = uuidv7();
      await insertMail(trx, {
        id,
        tenantId: mail.tenantId,
        kind: mail.kind,
        recipient: mail.to.trim().toLowerCase(),
        language: mail.language,
        data: mail.data,
        expiresAt: new Date(Date.now() + kindOf(mail.kind).validHours * HOUR),
      });
      await jobs.start(trx, SYSTEM, { kind: SEND_MAIL, tenantId: mail.tenantId, payload: { mail_id: id } });
      return id;
    },

    /**
     * Sends a mail if it is still to be sent. Rejects when another attempt may help. Killed between the server's yes and our
     * note of it, it goes out twice, under one Message-ID.
     */
    async deliver(id: string): Promise<void> {
      const ready = await prepare(id);
      if (!ready) return;
      const { mail, written } = ready;
      try {
        await transport?.send(envelope(mail, written));
      } catch (error) {
        await tenancy.central(({ trx }) =>
          noteFailure(trx, id, (error as Error).message, error instanceof RefusedMail),
        );
        if (error instanceof RefusedMail) return;
        throw error;
      }
      await tenancy.central(({ trx }) =>
        endMail(
          trx,
          id,
          transport ? { subject: written.subject } : { subject: written.subject, kept: written },
        ),
      );
    },

    /** No attempt is left. */
    giveUp: (id: string): Promise<void> => tenancy.central(({ trx }) => noteFailure(trx, id, null, true)),

    list: (query: MailQuery) => tenancy.central(({ trx }) => listMailRows(trx, query), { readOnly: true }),

    /** One mail. Reading words that were kept leaves a trace: there may be a way in among them. */
    read: (origin: Origin, id: string) =>
      tenancy.central(async ({ trx }) => {
        const row = await getMailRow(trx, id);
        if (row.body_text !== null)
          await auditCentral(trx, origin, row.tenant_id, {
            action: 'mail.read',
            target: { type: 'mail', id },
            after: { kind: row.kind, recipient: row.recipient },
          });
        return row;
      }),

    /** Sends a line at once, past the queue, to see whether the server takes it. Rejects with what it said. */
    async test(to: string): Promise<void> {
      if (!transport) throw new Error('SMTP_URL is not set');
      const content = {
        subject: 'Préau',
        paragraphs: ['Le serveur de courrier fonctionne.', 'The mail server works.'],
      };
      const { light } = derivePalette(PLATFORM_COLOURS).palette;
      const colours = { primary: light.primary, onPrimary: light.on_primary };
      const written = writeMail(content, { name: 'Préau', language: 'fr', colours });
      const messageId = `<${uuidv7()}@${from.slice(from.indexOf('@') + 1)}>`;
      await transport.send({ ...written, from: { name: 'Préau', address: from }, to, messageId });
    },
  };
}
