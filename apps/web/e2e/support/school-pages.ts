import { request } from 'node:http';
import {
  test as base,
  type BrowserContext,
  type ConsoleMessage,
  type Page,
  type Request,
} from '@playwright/test';
import { ADMIN, type E2eServer, startServer } from './server.ts';

export const DEMO_PASSWORD = 'preau-demo-2026';
let server: E2eServer | undefined;

/** The server of this worker, once a test runs. */
export function ownServer(): E2eServer {
  if (!server) throw new Error('No test of these pages runs yet');
  return server;
}
const port = () => ownServer().port;

/** Address of a host below the base domain; none is the public site. */
export const origin = (host = ''): string => `http://${host ? `${host}.` : ''}localhost:${port()}`;

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/**
 * A request to a host, over loopback with the name in the header: browsers resolve *.localhost by themselves, Node leaves it
 * to the system, which may not.
 */
export function ask(
  host: string,
  path: string,
  options: { method?: string; body?: unknown; cookie?: string } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const call = request(
      {
        host: '127.0.0.1',
        port: port(),
        path,
        method: options.method ?? (body ? 'POST' : 'GET'),
        headers: {
          host: new URL(origin(host)).host,
          ...(body ? { 'content-type': 'application/json' } : {}),
          ...(options.cookie ? { cookie: options.cookie } : {}),
        },
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
        );
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const sessions = new Map<string, string>();

const isOver = async (host: string, cookie: string): Promise<boolean> =>
  (await ask(host, '/api/v1/auth/me/', { cookie })).status === 401;

/**
 * Logs a context in as somebody, once a run and host: log-ins are limited to a few a minute. Again where another test has ended
 * that session.
 */
export async function enter(
  context: BrowserContext,
  host: string,
  as: 'superadmin' | (string & {}),
): Promise<string> {
  const key = `${as}@${host}`;
  const known = sessions.get(key);
  if (known === undefined || (await isOver(host, known))) {
    const body = as === 'superadmin' ? ADMIN : { email: `${as}@${host}.invalid`, password: DEMO_PASSWORD };
    const answer = await ask(host, '/api/v1/auth/login/', { body });
    const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
    if (answer.status !== 200 || !cookie) throw new Error(`${key} cannot log in: ${answer.text}`);
    sessions.set(key, cookie);
  }
  const cookie = sessions.get(key) ?? '';
  const [name = '', value = ''] = cookie.split('=');
  await context.addCookies([
    { name, value, domain: `${host}.localhost`, path: '/', httpOnly: true, sameSite: 'Lax' },
  ]);
  return cookie;
}

/** The sessions of a host have ended: whoever enters logs in again. */
export function forgetSessions(host: string): void {
  for (const key of sessions.keys()) if (key.endsWith(`@${host}`)) sessions.delete(key);
}

/** This installation, and what tests put beside it on loopback; data and files of the page itself have no host. */
const OWN_HOST = /^(|127\.0\.0\.1|([a-z0-9-]+\.)*localhost)$/;

/** Fails a test whose pages complain (a broken policy, a failed script, an unhandled error) or ask another host for anything. */
export const test = base.extend<{ complaints: string[] }, { running: E2eServer }>({
  // Each worker has its own: what one test does to a school is not seen by another that runs at the same time.
  running: [
    // oxlint-disable-next-line no-empty-pattern -- it needs none, and the library reads what it needs from here
    async ({}, use) => {
      server = await startServer();
      await use(server);
      await server.stop();
    },
    { scope: 'worker', auto: true, timeout: 120_000 },
  ],
  complaints: [
    async ({ page, context }, use) => {
      const complaints: string[] = [];
      const onRequest = (asked: Request): void => {
        if (!OWN_HOST.test(new URL(asked.url()).hostname)) complaints.push(`asked ${asked.url()}`);
      };
      const onError = (error: Error): void => void complaints.push(error.message);
      const onMessage = (message: ConsoleMessage): void => {
        // A refused request is logged by the browser itself, and is often what the test is about.
        if (message.type() === 'error' && !/status of 4\d\d/.test(message.text()))
          complaints.push(message.text());
      };
      context.on('request', onRequest);
      page.on('pageerror', onError).on('console', onMessage);
      await use(complaints);
      context.off('request', onRequest);
      page.off('pageerror', onError).off('console', onMessage);
      base.expect(complaints).toEqual([]);
    },
    { auto: true },
  ],
});

/** The page of the public site that the server wrote has become the application's: what is pressed now is answered by it. */
export const expectLive = (page: Page): Promise<void> =>
  base.expect(page.locator('#app[data-live]')).toBeAttached();

/** The browser itself says of a request that it failed: here it is meant to. */
export function expectOnly(complaints: string[], meant: RegExp): void {
  base.expect(complaints.splice(0).filter((complaint) => !meant.test(complaint))).toEqual([]);
}

export { expect } from '@playwright/test';
