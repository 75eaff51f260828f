import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';

/** What a mail says, in one language, before it is dressed in text and HTML. */
export interface MailContent {
  subject: string;
  /** Plain text; what people wrote may be in it. */
  paragraphs: readonly string[];
  /** To be typed in where the mail was asked for. */
  code?: string;
  action?: { label: string; url: string };
  links?: readonly { label: string; url: string }[];
  /** Said last: how long it holds, what to do if nobody asked. */
  notes?: readonly string[];
}

/** Where a mail comes from: a school, or the platform. */
export interface MailSite {
  name: string;
  /** Without a slash at the end. */
  url: string;
  consoleUrl: string;
  urlOf(host: string): string;
}

export interface QueuedMail<D> {
  id: string;
  tenantId: string | null;
  recipient: string;
  data: D;
}

/** A kind of mail. */
export interface MailDefinition<D = Record<string, unknown>, P = D> {
  /** `feature.name`, unique: `identity.reset_password`. */
  kind: string;
  /** Hours after which its links are worthless: it is not sent any more, and what was kept of it goes. */
  validHours: number;
  /**
   * Looks up what the text needs when it is about to be sent, off the request: whether an address is known is then not told
   * by the time that an answer takes. Called again for another attempt. Null: there is nothing to say, and the mail vanishes.
   */
  prepare?: (trx: CentralTrx, mail: QueuedMail<D>) => Promise<P | null>;
  texts: Readonly<Record<Language, (input: P, site: MailSite) => MailContent>>;
}

/** Declares a kind of mail, for the `mails` of a feature's descriptor. */
export const defineMail = <D, P = D>(definition: MailDefinition<D, P>): MailDefinition =>
  definition as unknown as MailDefinition;

/** Kinds by name. Throws for two of one name. */
export function mailRegistry(definitions: readonly MailDefinition[]): ReadonlyMap<string, MailDefinition> {
  const kinds = new Map(definitions.map((definition) => [definition.kind, definition]));
  if (kinds.size < definitions.length) throw new Error('Two mails have the same kind');
  return kinds;
}
