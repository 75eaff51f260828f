import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool } from '../../../test/support/builders.ts';
import { type Answer, type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  await createSchool(t, {
    subdomain: 'reseau',
    school_type: 'network',
    school_name: 'Réseau du Nord',
    city: 'Lille',
  });
  const schools = [
    {
      subdomain: 'zola',
      school_name: 'École Émile-Zola',
      school_type: 'ecole',
      city: 'Rennes',
      network: 'reseau',
    },
    {
      subdomain: 'ampere',
      school_name: 'Collège Ampère',
      school_type: 'college',
      city: 'Lyon',
      network: 'reseau',
    },
    {
      subdomain: 'hugo',
      school_name: 'Lycée Victor Hugo',
      school_type: 'lycee',
      city: 'Paris',
      uai: '0750655E',
    },
    { subdomain: 'cent', school_name: '100 % école_libre', school_type: 'ecole', city: 'Élancourt' },
  ] as const;
  for (const school of schools)
    await createSchool(t, { ...school, provisioned: school.subdomain === 'hugo' });
  const { id } = await createSchool(t, {
    subdomain: 'sans',
    school_name: 'Lycée sans annonces',
    modules_enabled: { announcements: false },
  });
  await admin.post(`/tenants/${id}/add_domain/`, { domain: 'www.ecole-du-parc.fr', vouched: true });
});
afterAll(() => t.close());

const list = (query: Record<string, string | number> = {}): Promise<Answer> =>
  admin.get('/tenants/', { query });
const subdomains = ({ body }: Answer): string[] =>
  body.results.map((row: { subdomain: string }) => row.subdomain);

describe('the list of schools', () => {
  it('is ordered by name, as French orders, and shows whole schools', async () => {
    const answer = await list();
    expect(answer.body).toMatchObject({ count: 6, next: null, previous: null });
    expect(subdomains(answer)).toEqual(['cent', 'ampere', 'zola', 'sans', 'hugo', 'reseau']);
    const { body: one } = await admin.get(`/tenants/${answer.body.results[0].id}/`);
    expect(answer.body.results[0]).toEqual(one);
  });

  it('pages, and links to the pages before and after with the filters kept', async () => {
    const seen: string[] = [];
    let url: string | null = '/api/v1/tenants/?page_size=2&ordering=subdomain&search=e';
    const pages: Answer[] = [];
    while (url) {
      const page = await admin.send({ method: 'GET', url });
      pages.push(page);
      seen.push(...subdomains(page));
      url = page.body.next;
    }
    expect(seen).toEqual(['ampere', 'cent', 'hugo', 'reseau', 'sans', 'zola']);
    expect(pages).toHaveLength(3);
    const back = await admin.send({ method: 'GET', url: pages[1]?.body.previous });
    expect(back.body).toEqual(pages[0]?.body);
    expect(pages[0]?.body.previous).toBeNull();
    expect(await list({ page: 9, page_size: 2 })).toMatchObject({
      status: 200,
      body: { count: 6, results: [], next: null },
    });
    expect((await list({ page_size: 100 })).status).toBe(200);
  });

  it.each([
    ['accents and case', 'emile ZOLA', ['zola']],
    ['a city', 'élancourt', ['cent']],
    ['a UAI', '0750655e', ['hugo']],
    ['a subdomain', 'amper', ['ampere']],
    ['a domain of its own', 'ecole-du-parc', ['sans']],
    ['words in any order', 'hugo paris', ['hugo']],
    ['% itself, which is no wildcard', '%', ['cent']],
    ['_ itself', '_', ['cent']],
    ['a backslash', '\\', []],
    ['a quote', `'; DROP TABLE tenants --`, []],
  ])('searches %s', async (_, search, expected) => {
    expect(subdomains(await list({ search }))).toEqual(expected);
  });

  it.each([
    [{ status: 'active' }, ['sans', 'hugo', 'reseau']],
    [{ status: 'pending', school_type: 'ecole' }, ['cent', 'zola']],
    [{ school_type: 'network' }, ['reseau']],
    [{ network: 'reseau' }, ['ampere', 'zola']],
    [{ network: 'RESEAU', search: 'lyon' }, ['ampere']],
    [{ network: 'nowhere' }, []],
    [{ module: 'announcements', status: 'active' }, ['hugo', 'reseau']],
  ])('filters by %o', async (query, expected) => {
    const answer = await list(query);
    expect(subdomains(answer)).toEqual(expected);
    expect(answer.body.count).toBe(expected.length);
  });

  it('filters by the id of a network', async () => {
    const { body } = await list({ school_type: 'network' });
    expect(subdomains(await list({ network: body.results[0].id }))).toEqual(['ampere', 'zola']);
  });

  it.each([
    ['subdomain', ['ampere', 'cent', 'hugo', 'reseau', 'sans', 'zola']],
    ['-subdomain', ['zola', 'sans', 'reseau', 'hugo', 'cent', 'ampere']],
    ['created_on', ['reseau', 'zola', 'ampere', 'hugo', 'cent', 'sans']],
    ['city', ['cent', 'reseau', 'ampere', 'hugo', 'sans', 'zola']],
  ])('orders by %s', async (ordering, expected) => {
    const found = subdomains(await list({ ordering }));
    // Two schools of one city come in the order of their ids, which is that of their creation.
    expect(found).toEqual(expected);
  });

  it.each([
    [{ ordering: 'password' }, { ordering: 'unknown_ordering' }],
    [{ ordering: 'school_name; DROP TABLE x' }, { ordering: 'unknown_ordering' }],
    [{ ordering: 'toString' }, { ordering: 'unknown_ordering' }],
    [{ colour: 'red' }, { colour: 'unknown_field' }],
    [{ page: 0 }, { page: 'minimum' }],
    [{ page: 'two' }, { page: 'type' }],
    [{ page_size: 101 }, { page_size: 'maximum' }],
    [{ status: 'open' }, { status: 'enum' }],
    [{ school_type: 'university' }, { school_type: 'enum' }],
    [{ search: 'a'.repeat(201) }, { search: 'max_length' }],
  ])('refuses %o', async (query, errors) => {
    expectProblem(await list(query), { code: 'invalid_input', errors });
  });

  it('costs the same number of statements whatever the page holds', async () => {
    const statements = async (query: Record<string, number>): Promise<number> => {
      let count = 0;
      const counted = (): void => void (count += 1);
      t.database.knex.on('query', counted);
      await list(query);
      t.database.knex.removeListener('query', counted);
      return count;
    };
    await list();
    const one = await statements({ page_size: 1 });
    expect(await statements({ page_size: 6 })).toBe(one);
    expect(one).toBeGreaterThan(0);
  });
});
