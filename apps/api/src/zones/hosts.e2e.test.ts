import { once } from 'node:events';
import net from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../test/support/builders.ts';
import { visitor } from '../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../test/support/harness.ts';
import { SYSTEM } from '../features/audit/index.ts';

let t: TestApp;
let school: School;
let port: number;
beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t, { subdomain: 'lycee-hugo' });
  port = await t.listen();
});
afterAll(() => t.close());

interface RawAnswer {
  status: number;
  head: string;
  body: string;
}

/** One request as bytes: an HTTP library would repair what is tried here. */
async function raw(lines: string[]): Promise<RawAnswer> {
  const socket = net.connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const answer = await text(socket);
  const [head = '', ...body] = answer.split('\r\n\r\n');
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), head, body: body.join('\r\n\r\n') };
}
const ask = (host: string[], path = '/api/v1/current-tenant/theme/', version = '1.1') =>
  raw([`GET ${path} HTTP/${version}`, ...host.map((value) => `Host: ${value}`), 'Connection: close']);

describe('the Host header', () => {
  it.each([
    ['plain', 'lycee-hugo.localhost'],
    ['a port', 'lycee-hugo.localhost:3000'],
    ['another port', 'lycee-hugo.localhost:80'],
    ['a trailing dot', 'lycee-hugo.localhost.'],
    ['a trailing dot and a port', 'lycee-hugo.localhost.:3000'],
    ['upper case', 'LYCEE-Hugo.LOCALHOST'],
    ['all of them', 'LYCEE-HUGO.localhost.:3000'],
  ])('with %s leads to the school', async (_, host) => {
    for (const version of ['1.1', '1.0']) {
      const answer = await ask([host], undefined, version);
      expect(answer.status).toBe(200);
      expect(JSON.parse(answer.body)).toMatchObject({ school_name: 'Lycée Victor Hugo' });
    }
  });

  it.each([
    ['an IPv6 literal', '[::1]'],
    ['an IPv6 literal with a port', '[::1]:3000'],
    ['a bare IPv6 address', '::1'],
    ['nothing', ''],
    ['credentials', 'lycee-hugo.localhost@evil.org'],
    ['a path', 'lycee-hugo.localhost/x'],
    ['two dots', 'lycee-hugo.localhost..'],
    ['a port of words', 'lycee-hugo.localhost:http'],
    ['an empty label', 'lycee-hugo..localhost'],
    ['a leading hyphen', '-a.localhost'],
    ['UTF-8', 'lycée.localhost'],
    ['300 characters', `${'a.'.repeat(150)}localhost`],
    ['a list', 'lycee-hugo.localhost, other.localhost'],
    ['a tab within', 'lycee-hugo\tx.localhost'],
    ['a look-alike letter', 'lycee-hug\u03bf.localhost'],
    ['a percent sign', 'lycee-hugo%2elocalhost'],
  ])('with %s leads nowhere, and says so', async (_, host) => {
    const answer = await ask([host]);
    expect(answer.status).toBe(421);
    expect(answer.head).toMatch(/content-type: application\/problem\+json/i);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'misdirected_host' });
    const page = await raw(['GET / HTTP/1.1', `Host: ${host}`, 'Accept: text/html', 'Connection: close']);
    expect(page.status).toBe(404);
    expect(page.body).toContain('"state":"unknown"');
  });

  it.each([
    'nowhere.localhost',
    'lycee-hugo.localhost.evil.org',
    'lycee-hugo',
    'xlycee-hugo.localhost',
    '127.0.0.1',
    'a_b.localhost',
  ])('%s is a name of no school', async (host) => {
    const answer = await ask([host]);
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body)).toMatchObject({ code: 'tenant_not_found' });
  });

  it.each([0, 1, 7, 10, 13, 27, 127])('with control byte %i is never read as a school', async (byte) => {
    for (const place of ['lycee-hugo', 'lycee-hugo.localhost']) {
      const answer = await ask([`${place}${String.fromCharCode(byte)}.localhost`]);
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
      expect(answer.body).not.toContain('Victor Hugo');
    }
  });

  it('in punycode is what its domain is, and nothing that looks like it', async () => {
    await t.services.domains.add(SYSTEM, school.id, { domain: 'école-hugo.fr', vouched: true });
    expect((await ask(['XN--cole-hugo-93a.fr'])).body).toContain('Victor Hugo');
    for (const host of ['ecole-hugo.fr', 'xn--ecole-hugo.fr', 'xn--cole-hugo-93b.fr'])
      expect((await ask([host])).status, host).toBe(404);
  });

  it('counts, whatever host the request line names', async () => {
    for (const [line, host] of [
      ['http://lycee-hugo.localhost/api/v1/current-tenant/theme/', 'localhost'],
      ['http://localhost/api/v1/current-tenant/theme/', 'localhost'],
    ] as const) {
      const answer = await ask([host], line);
      expect(answer.body).not.toContain('Victor Hugo');
    }
  });

  it('may not be missing', async () => {
    const answer = await ask([]);
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ status: 400, code: 'missing_host' });
    // HTTP/1.0 knows no Host: the request is fine, and leads nowhere.
    const old = await ask([], undefined, '1.0');
    expect(old.status).toBe(421);
    expect(JSON.parse(old.body)).toMatchObject({ code: 'misdirected_host' });
  });

  it('given twice reaches neither', async () => {
    const other = await createSchool(t, { subdomain: 'other', school_name: 'Autre' });
    for (const second of [other.host, school.host, '', '[::1]']) {
      const answer = await ask([school.host, second]);
      expect(answer.status).toBe(421);
      expect(JSON.parse(answer.body)).toMatchObject({ code: 'misdirected_host' });
    }
  });

  it('is not overruled by a header that a stranger sends', async () => {
    for (const header of ['X-Forwarded-Host', 'Forwarded', 'X-Host', 'X-Original-Host', 'X-Tenant']) {
      const answer = await raw([
        'GET /api/v1/current-tenant/theme/ HTTP/1.1',
        'Host: localhost',
        `${header}: ${header === 'Forwarded' ? `host=${school.host}` : school.host}`,
        'Connection: close',
      ]);
      expect(JSON.parse(answer.body).school_name, header).toBe('Préau');
    }
  });

  it('is what counts for a school’s page too', async () => {
    const page = await ask(['LYCEE-HUGO.localhost.:3000'], '/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Lycée Victor Hugo</title>');
  });
});

describe('behind a trusted proxy', () => {
  it('the Host header still is what counts', async () => {
    const behind = await createTestApp({ trustProxy: ['127.0.0.1'] });
    const [one, other] = [await createSchool(behind), await createSchool(behind, { school_name: 'Autre' })];
    const pretended: Record<string, string>[] = [
      { 'x-forwarded-host': other.host },
      { forwarded: `host=${other.host}` },
    ];
    for (const headers of pretended) {
      const answer = await visitor(behind, one.host).get('/current-tenant/theme/', { headers });
      expect(answer.body.school_name).not.toBe('Autre');
    }
    await behind.close();
  });
});

describe('unknown hosts', () => {
  it('are refused by the hundred without a query each time they come back', async () => {
    const hosts = Array.from({ length: 50 }, (_, number) => `probe-${number}.localhost`);
    const probe = () => Promise.all(hosts.map((host) => visitor(t, host).get('/current-tenant/theme/')));
    expect((await probe()).every(({ status }) => status === 404)).toBe(true);
    const queries = async (): Promise<number> => {
      let count = 0;
      const counted = (): void => void (count += 1);
      t.database.knex.on('query', counted);
      await probe();
      t.database.knex.removeListener('query', counted);
      return count;
    };
    // A change heard of while a host is looked up keeps that answer from being remembered: asked once more, it is.
    await expect.poll(queries).toBe(0);
  });
});
