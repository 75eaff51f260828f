import { type Answer, visitor } from './clients.ts';
import type { TestApp } from './harness.ts';

let last = 0;
/** Another address each time, since attempts are counted by address. */
export const freshAddress = (): string =>
  `10.${(last >> 16) & 255}.${(last >> 8) & 255}.${(last += 1) & 255}`;

/** A visitor's request from an address of the network. */
export const postFrom = (
  t: TestApp,
  remoteAddress: string,
  host: string,
  path: string,
  payload: object,
  headers: Record<string, string> = {},
): Promise<Answer> =>
  visitor(t, host).send({ method: 'POST', url: `/api/v1${path}`, payload, headers, remoteAddress });

/** Logs in from an address nobody else uses. */
export const logInAt = (
  t: TestApp,
  host: string,
  email: string,
  password: string,
  headers: Record<string, string> = {},
): Promise<Answer> => postFrom(t, freshAddress(), host, '/auth/login/', { email, password }, headers);

/** The cookies that an answer sets, as the browser sends them back. */
export const cookiesOf = ({ cookies }: Answer): string =>
  cookies.map((cookie) => cookie.split(';')[0]).join('; ');
