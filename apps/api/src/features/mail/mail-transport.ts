import { createTransport } from 'nodemailer';
import type { WrittenMail } from './write-mail.ts';

export interface Envelope extends WrittenMail {
  from: { name: string; address: string };
  replyTo?: string;
  to: string;
  messageId: string;
}

/** What hands mail over to a server. Rejects with {@link RefusedMail} when trying again is of no use. */
export interface MailTransport {
  send(envelope: Envelope): Promise<void>;
}

/** The server refused this mail for good: no such mailbox, or not for it. */
export class RefusedMail extends Error {}

const PATIENCE = 10_000;

/** By SMTP, at `smtp://` or `smtps://`, with user and password in the address. */
export function smtpTransport(url: string): MailTransport {
  const transport = createTransport({
    url,
    connectionTimeout: PATIENCE,
    greetingTimeout: PATIENCE,
    socketTimeout: 3 * PATIENCE,
  });
  return {
    async send({ from, replyTo, to, subject, text, html, messageId }) {
      try {
        await transport.sendMail({
          from,
          // As an object: of a text with commas it would make several.
          to: { name: '', address: to },
          subject,
          text,
          html,
          messageId,
          // Out-of-office answers to a machine help nobody.
          headers: { 'Auto-Submitted': 'auto-generated' },
          ...(replyTo ? { replyTo } : {}),
        });
      } catch (error) {
        const { responseCode = 0, code } = error as { responseCode?: number; code?: string };
        if (responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE'))
          throw new RefusedMail((error as Error).message, { cause: error });
        throw error;
      }
    },
  };
}
