import { randomBytes } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';
import type { SecretKeys } from '../../platform/secret-keys.ts';

/** Which accounts a browser has got into before: their attempts are counted by themselves, whatever others try. */
export interface KnownDevices {
  /** What this browser is called among those of the account; null for a strange one. */
  knows(cookieHeader: string | undefined, account: string): string | null;
  remember(reply: FastifyReply, cookieHeader: string | undefined, account: string): void;
}

const MOST_ACCOUNTS = 5;
const KEPT_SECONDS = 180 * 86_400;

/**
 * A cookie of signed marks, one an account. It opens nothing: the password is asked for all the same, and attempts from a known
 * device are counted too.
 */
export function createKnownDevices({
  secrets,
  secure,
}: {
  secrets: SecretKeys;
  secure: boolean;
}): KnownDevices {
  const name = secure ? '__Host-preau_device' : 'preau_device';
  const signed = (nonce: string, account: string) => `${nonce}|${account.trim().toLowerCase()}`;
  const marksOf = (header: string | undefined): string[] =>
    header?.includes(name) ? (parseCookie(header)[name] ?? '').split('~').slice(0, MOST_ACCOUNTS) : [];
  const nonceOf = (mark: string): string => mark.slice(0, mark.indexOf('.'));
  const isOf = (account: string) => (mark: string) => {
    const [nonce = '', signature = ''] = mark.split('.');
    return secrets.isMark('known device', signed(nonce, account), Buffer.from(signature, 'base64url'));
  };

  return {
    knows(header, account) {
      const mark = marksOf(header).find(isOf(account));
      return mark === undefined ? null : nonceOf(mark);
    },
    remember(reply, header, account) {
      const others = marksOf(header).filter((other) => other !== '' && !isOf(account)(other));
      const nonce = randomBytes(9).toString('base64url');
      const mark = secrets.mark('known device', signed(nonce, account));
      const value = [`${nonce}.${mark.toString('base64url')}`, ...others].slice(0, MOST_ACCOUNTS).join('~');
      void reply.header(
        'set-cookie',
        stringifySetCookie({
          name,
          value,
          path: '/',
          httpOnly: true,
          sameSite: 'lax',
          secure,
          maxAge: KEPT_SECONDS,
        }),
      );
    },
  };
}
