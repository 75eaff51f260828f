import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';

/** Which accounts a browser has got into before: those are not slowed down by what others try from elsewhere. */
export interface KnownDevices {
  knows(cookieHeader: string | undefined, account: string): boolean;
  remember(reply: FastifyReply, cookieHeader: string | undefined, account: string): void;
}

const MOST_ACCOUNTS = 5;
const KEPT_SECONDS = 180 * 86_400;

/**
 * A cookie of signed marks, one an account. It opens nothing: the password is asked for all the same, and attempts from a known
 * device are counted too.
 */
export function createKnownDevices({
  secret,
  secure,
}: {
  /** Read when it is first needed: a command that needs none must not make one. */
  secret: () => string;
  secure: boolean;
}): KnownDevices {
  let key: string | undefined;
  const name = secure ? '__Host-preau_device' : 'preau_device';
  const sign = (nonce: string, account: string) =>
    createHmac('sha256', (key ??= secret()))
      .update(`known device|${nonce}|${account.trim().toLowerCase()}`)
      .digest();
  const marksOf = (header: string | undefined): string[] =>
    header?.includes(name) ? (parseCookie(header)[name] ?? '').split('~').slice(0, MOST_ACCOUNTS) : [];
  const isOf = (account: string) => (mark: string) => {
    const [nonce = '', signature = ''] = mark.split('.');
    const given = Buffer.from(signature, 'base64url');
    const right = sign(nonce, account);
    return given.length === right.length && timingSafeEqual(given, right);
  };

  return {
    knows: (header, account) => marksOf(header).some(isOf(account)),
    remember(reply, header, account) {
      const others = marksOf(header).filter((mark) => mark !== '' && !isOf(account)(mark));
      const nonce = randomBytes(9).toString('base64url');
      const value = [`${nonce}.${sign(nonce, account).toString('base64url')}`, ...others]
        .slice(0, MOST_ACCOUNTS)
        .join('~');
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
