import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyReply } from 'fastify';

/** Behind https the `__Host-` prefix makes the browser itself refuse a cookie that another host set. */
export interface SessionCookie {
  read(header: string | undefined): string | null;
  set(reply: FastifyReply, token: string): void;
  clear(reply: FastifyReply): void;
}

/** Host-only (no Domain), HttpOnly, SameSite=Lax; Secure when the public scheme is https. */
export function createSessionCookie({ secure }: { secure: boolean }): SessionCookie {
  const name = secure ? '__Host-preau_session' : 'preau_session';
  const options = { path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
  return {
    read: (header) => (header?.includes(name) ? (parseCookie(header)[name] ?? null) : null),
    // The server ends the session; the cookie only must not end before.
    set: (reply, token) =>
      void reply.header('set-cookie', stringifySetCookie({ name, value: token, ...options })),
    clear: (reply) =>
      void reply.header('set-cookie', stringifySetCookie({ name, value: '', ...options, maxAge: 0 })),
  };
}
