import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
const INSIDE = '127.0.0.1:3000';

beforeAll(async () => {
  t = await createTestApp({ trustProxy: ['172.30.71.2'] });
  admin = await superadmin(t);
  school = await createSchool(t);
});
afterAll(() => t.close());

interface Asked {
  host?: string;
  headers?: Record<string, string>;
  remoteAddress?: string;
}
const ask = (domain: string, { host = INSIDE, headers = {}, remoteAddress = '127.0.0.1' }: Asked = {}) =>
  visitor(t, host).send({
    method: 'GET',
    url: `/internal/tls-ask?domain=${encodeURIComponent(domain)}`,
    headers,
    remoteAddress,
  });

describe('whether a domain may have a certificate', () => {
  it('is yes once it is verified, for as long as its school is open', async () => {
    const domain = 'www.certificat.fr';
    const path = `/tenants/${school.id}/`;
    expectProblem(await ask(domain), { code: 'tenant_not_found' });
    const { body: added } = await admin.post(`${path}add_domain/`, { domain });
    expectProblem(await ask(domain), { code: 'tenant_not_found' });
    await admin.post(`${path}domains/${added.id}/vouch/`);
    expect(await ask(domain)).toMatchObject({ status: 200, body: { domain } });
    expect((await ask('WWW.Certificat.FR.')).status).toBe(200);
    await t.sql("UPDATE public.domains SET status = 'failing', failing_since = now() WHERE id = $1", [
      added.id,
    ]);
    t.services.directory.forgetAll();
    expect((await ask(domain)).status).toBe(200);
    await admin.post(`${path}deactivate/`, { reason: 'Travaux' });
    expectProblem(await ask(domain), { code: 'tenant_inactive' });
    await admin.post(`${path}activate/`);
    expect((await ask(domain)).status).toBe(200);
    await admin.delete(`${path}domains/${added.id}/`);
    expectProblem(await ask(domain), { code: 'tenant_not_found' });
  });

  it('is yes for subdomains, redirecting ones too, and no for the platform’s own names', async () => {
    expect((await ask(school.host)).status).toBe(200);
    const moving = await createSchool(t);
    await admin.patch(`/tenants/${moving.id}/`, { subdomain: `${moving.subdomain}-bis` });
    expect((await ask(moving.host)).status).toBe(200);
    for (const own of [t.base, t.consoleHost, `www.${t.base}`])
      expectProblem(await ask(own), { code: 'tenant_not_found' });
  });

  it.each([
    '',
    '*',
    '*.localhost',
    '127.0.0.1',
    '[::1]',
    'a b',
    'a\u0000.fr',
    'lycee.fr:443',
    `${'a.'.repeat(200)}fr`,
  ])('is no for %j', async (domain) => expectProblem(await ask(domain), { code: 'tenant_not_found' }));

  it('is told to a trusted proxy alone', async () => {
    expect((await ask(school.host, { remoteAddress: '172.30.71.2' })).status).toBe(200);
    for (const remoteAddress of ['172.30.71.3', '203.0.113.5', '10.0.0.1', '2001:db8::5'])
      expectProblem(await ask(school.host, { remoteAddress }), { code: 'not_found' });
  });

  it('is not told to a visitor whom the proxy brings', async () => {
    for (const name of [
      'X-Forwarded-For',
      'X-Forwarded-Host',
      'X-Forwarded-Proto',
      'Forwarded',
      'Via',
      'X-Real-IP',
    ])
      expectProblem(await ask(school.host, { headers: { [name]: '203.0.113.5' } }), { code: 'not_found' });
    for (const host of [school.host, t.base, t.consoleHost, school.host.toUpperCase()])
      expectProblem(await ask(school.host, { host }), { code: 'not_found' });
  });
});
