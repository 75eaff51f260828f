import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin, visitor } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
let path: string;
let number = 0;
/** A domain nobody else asked for. */
const fresh = (): string => `www.ecole-${(number += 1)}.fr`;
const themeAt = async (host: string) => (await visitor(t, host).get('/current-tenant/theme/')).status;

beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
beforeEach(async () => {
  school = await createSchool(t);
  path = `/tenants/${school.id}/`;
});
afterAll(() => t.close());

describe('adding an address', () => {
  it('below the base routes at once, and no earlier miss is remembered', async () => {
    const host = `second-${school.subdomain}.localhost`;
    expect(await themeAt(host)).toBe(404);
    const { status, body } = await admin.post(`${path}add_domain/`, { domain: host });
    expect(status).toBe(201);
    expect(body).toMatchObject({ domain: host, is_primary: false, status: 'active' });
    expect(body.challenge).toBeUndefined();
    expect(await themeAt(host)).toBe(200);
  });

  it('of the school’s own waits for its DNS record, and routes once vouched for', async () => {
    const domain = fresh();
    const pending = await admin.post(`${path}add_domain/`, { domain });
    expect(pending.body).toMatchObject({
      domain,
      status: 'pending',
      is_primary: false,
      challenge: { name: `_preau-challenge.${domain}`, type: 'TXT' },
    });
    expect(pending.body.challenge.value.length).toBeGreaterThan(20);
    expect(await themeAt(domain)).toBe(404);
    const vouched = fresh();
    const active = await admin.post(`${path}add_domain/`, { domain: vouched, vouched: true });
    expect(active.body).toMatchObject({ domain: vouched, status: 'active' });
    expect(await themeAt(vouched)).toBe(200);
  });

  it('is vouched for by a super-admin, not by a key', async () => {
    const key = await platformKey(t, ['domains:manage']);
    const domain = fresh();
    await expectRefusal(t, () => key.post(`${path}add_domain/`, { domain, vouched: true }), {
      code: 'permission_denied',
    });
    expect((await key.post(`${path}add_domain/`, { domain })).body).toMatchObject({ status: 'pending' });
  });

  it('is kept in one form: lower case, punycode, no trailing dot', async () => {
    for (const [typed, kept] of [
      ['WWW.Lycee-HUGO.FR.', 'www.lycee-hugo.fr'],
      ['école-zola.fr', 'xn--cole-zola-93a.fr'],
      [' portail.exemple.fr ', 'portail.exemple.fr'],
    ]) {
      const { body } = await admin.post(`${path}add_domain/`, { domain: typed });
      expect(body.domain).toBe(kept);
    }
  });

  it('that is taken is refused in every spelling, by every school', async () => {
    const domain = fresh();
    await admin.post(`${path}add_domain/`, { domain });
    const other = await createSchool(t);
    for (const spelling of [domain, domain.toUpperCase(), `${domain}.`, ` ${domain}`]) {
      for (const id of [school.id, other.id]) {
        const answer = await expectRefusal(
          t,
          () => admin.post(`/tenants/${id}/add_domain/`, { domain: spelling }),
          {
            code: 'domain_taken',
          },
        );
        expect(answer.body.detail).toContain(domain);
      }
    }
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, { domain: other.host.toUpperCase() }), {
      code: 'domain_taken',
    });
  });

  it('at once by two schools is given to one', async () => {
    const other = await createSchool(t);
    const domain = fresh();
    const answers = await Promise.all(
      [school, other].map(({ id }) => admin.post(`/tenants/${id}/add_domain/`, { domain })),
    );
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['201', '409']);
  });

  it.each([
    ['https://ecole.fr', 'domain_format'],
    ['ecole.fr:8080', 'domain_format'],
    ['ecole.fr/accueil', 'domain_format'],
    ['user@ecole.fr', 'domain_format'],
    ['192.168.1.1', 'domain_format'],
    ['0x7f.1', 'domain_format'],
    ['[::1]', 'domain_format'],
    ['ecole', 'domain_format'],
    ['-ecole.fr', 'domain_format'],
    ['a_b.fr', 'domain_format'],
    ['a..fr', 'domain_format'],
    [`${'a'.repeat(64)}.fr`, 'domain_format'],
    ['', 'domain_format'],
    ['localhost', 'domain_format'],
    ['console.localhost', 'subdomain_reserved'],
    ['WWW.localhost.', 'subdomain_reserved'],
    ['a.b.localhost', 'subdomain_format'],
    ['cоnsole.localhost', 'subdomain_lookalike'],
  ])('refuses %s', async (domain, code) => {
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, { domain }), {
      code: 'invalid_input',
      errors: { domain: code },
    });
  });

  it('refuses unknown fields, a missing domain, an archived school and a key without the scope', async () => {
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, {}), {
      code: 'invalid_input',
      errors: { domain: 'required' },
    });
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, { domain: fresh(), status: 'active' }), {
      code: 'invalid_input',
      errors: { status: 'unknown_field' },
    });
    const reader = await platformKey(t, ['tenants:read', 'tenants:update']);
    await expectRefusal(t, () => reader.post(`${path}add_domain/`, { domain: fresh() }), {
      code: 'permission_denied',
    });
    await admin.delete(path);
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, { domain: fresh() }), {
      code: 'illegal_transition',
    });
  });
});

describe('the primary address', () => {
  it('is one, and is the address of the school', async () => {
    const domain = fresh();
    const { body } = await admin.post(`${path}add_domain/`, { domain, vouched: true, is_primary: true });
    expect(body).toMatchObject({ domain, is_primary: true, status: 'active' });
    const { body: after } = await admin.get(path);
    expect(after.domain_url).toBe(`http://${domain}:3000`);
    expect(after.domains.filter(({ is_primary }: { is_primary: boolean }) => is_primary)).toHaveLength(1);
    const old = after.domains.find(({ domain: name }: { domain: string }) => name === school.host);
    const back = await admin.post(`${path}domains/${old.id}/make_primary/`);
    expect(back).toMatchObject({ status: 200, body: { domain: school.host, is_primary: true } });
    expect((await admin.get(path)).body.domain_url).toBe(`http://${school.host}:3000`);
  });

  it('stays one when several are made primary at once', async () => {
    const ids: string[] = [];
    for (const label of ['a', 'b', 'c']) {
      ids.push(
        (await admin.post(`${path}add_domain/`, { domain: `${label}-${school.subdomain}.localhost` })).body
          .id,
      );
    }
    const answers = await Promise.all(ids.map((id) => admin.post(`${path}domains/${id}/make_primary/`)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const rows = await t.sql('SELECT 1 FROM public.domains WHERE tenant_id = $1 AND is_primary', [school.id]);
    expect(rows).toHaveLength(1);
  });

  it('cannot be one that is not verified', async () => {
    const pending = await admin.post(`${path}add_domain/`, { domain: fresh() });
    await expectRefusal(t, () => admin.post(`${path}domains/${pending.body.id}/make_primary/`), {
      code: 'domain_not_active',
    });
    await expectRefusal(t, () => admin.post(`${path}add_domain/`, { domain: fresh(), is_primary: true }), {
      code: 'domain_not_active',
    });
  });
});

describe('the list of addresses', () => {
  it('shows what the school object shows, and loses what is removed at once', async () => {
    const domain = fresh();
    const { body: added } = await admin.post(`${path}add_domain/`, { domain, vouched: true });
    const { body: list } = await admin.get(`${path}domains/`);
    expect(list).toMatchObject({ count: 2, next: null, previous: null });
    expect(list.results).toEqual((await admin.get(path)).body.domains);
    expect(list.results[0]).toMatchObject({ domain: school.host, is_primary: true });
    expect(await themeAt(domain)).toBe(200);
    const removed = await admin.delete(`${path}domains/${added.id}/`);
    expect(removed).toMatchObject({ status: 204, text: '' });
    expect(await themeAt(domain)).toBe(404);
    expectProblem(await admin.delete(`${path}domains/${added.id}/`), { code: 'not_found' });
  });

  it('keeps the primary address and the one below the base', async () => {
    const [own] = (await admin.get(`${path}domains/`)).body.results;
    await expectRefusal(t, () => admin.delete(`${path}domains/${own.id}/`), { code: 'domain_is_subdomain' });
    const { body: added } = await admin.post(`${path}add_domain/`, {
      domain: fresh(),
      vouched: true,
      is_primary: true,
    });
    await expectRefusal(t, () => admin.delete(`${path}domains/${added.id}/`), { code: 'domain_is_primary' });
    await expectRefusal(t, () => admin.delete(`${path}domains/${own.id}/`), { code: 'domain_is_subdomain' });
  });

  it('of another school is not found under this one', async () => {
    const other = await createSchool(t);
    const { body: theirs } = await admin.post(`/tenants/${other.id}/add_domain/`, {
      domain: fresh(),
      vouched: true,
    });
    await expectRefusal(t, () => admin.delete(`${path}domains/${theirs.id}/`), { code: 'not_found' });
    await expectRefusal(t, () => admin.post(`${path}domains/${theirs.id}/make_primary/`), {
      code: 'not_found',
    });
  });

  it('changes the version of the school', async () => {
    const { headers } = await admin.get(path);
    await admin.post(`${path}add_domain/`, { domain: fresh() });
    expect((await admin.get(path, { headers: { 'if-none-match': headers.etag ?? '' } })).status).toBe(200);
  });
});
