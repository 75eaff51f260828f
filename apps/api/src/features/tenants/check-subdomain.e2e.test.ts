import { domainToASCII } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, newTenantBody } from '../../../test/support/builders.ts';
import { type Client, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const check = async (subdomain: string) =>
  (await admin.get('/tenants/check_subdomain/', { query: { subdomain } })).body;

describe('asking whether a subdomain can be had', () => {
  it.each([
    ['libre', null],
    ['LIBRE-AUSSI', null],
    ['3eme-x', null],
    ['-a', 'subdomain_format'],
    ['a_b', 'subdomain_format'],
    ['a'.repeat(64), 'subdomain_format'],
    ['www', 'subdomain_reserved'],
    [domainToASCII('cоnsole'), 'subdomain_lookalike'],
  ])('%s: %s, as creating a school would say', async (subdomain, code) => {
    const answer = await check(subdomain);
    expect(answer).toMatchObject({ available: code === null, code });
    if (code === null) expect(answer.message).toBeNull();
    else expect(answer.message).not.toMatch(/^$|[{}…]/);
    const created = await admin.post('/tenants/', newTenantBody({ subdomain }));
    expect(created.status === 201 || created.body.code === 'subdomain_taken').toBe(code === null);
  });

  it('suggests a free one that is acceptable', async () => {
    for (const subdomain of ['pris', 'pris-2', 'x'.repeat(63)])
      await createSchool(t, { provisioned: false, subdomain });
    for (const subdomain of ['pris', 'pris', 'x'.repeat(63), 'x'.repeat(63)]) {
      const { available, code, suggestion } = await check(subdomain);
      expect({ available, code }).toEqual({ available: false, code: 'subdomain_taken' });
      expect((await check(suggestion)).available).toBe(true);
      expect((await admin.post('/tenants/', newTenantBody({ subdomain: suggestion }))).status).toBe(201);
    }
    expect((await check('pris')).suggestion).toBe('pris-5');
    const school = await createSchool(t, { provisioned: false });
    await admin.post(`/tenants/${school.id}/add_domain/`, { domain: 'pris-5.localhost' });
    expect((await check('pris')).suggestion).toBe('pris-6');
  });

  it('finds one taken as an extra address', async () => {
    const school = await createSchool(t, { provisioned: false });
    await admin.post(`/tenants/${school.id}/add_domain/`, { domain: 'annexe.localhost' });
    expect(await check('annexe')).toMatchObject({ available: false, code: 'subdomain_taken' });
  });

  it('wants a subdomain', async () => {
    expectProblem(await admin.get('/tenants/check_subdomain/'), {
      code: 'invalid_input',
      errors: { subdomain: 'required' },
    });
  });
});
