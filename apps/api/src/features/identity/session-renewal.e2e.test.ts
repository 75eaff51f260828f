import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem } from '../../../test/support/refusals.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

describe('logging in again in the same browser', () => {
  it('ends the session that it carried, and no other of the same person', async () => {
    const former = await superadmin(t);
    const elsewhere = await superadmin(t);
    const again = await former.post('/auth/login/', SUPERADMIN);
    expect(again.status).toBe(200);
    expectProblem(await former.get('/auth/me/'), { code: 'not_authenticated' });
    expect((await elsewhere.get('/auth/me/')).status).toBe(200);
    const renewed = createClient(t, t.consoleHost, { cookie: again.cookies[0]?.split(';')[0] ?? '' });
    expect((await renewed.get('/auth/me/')).status).toBe(200);
  });

  it('ends nothing when the password is wrong', async () => {
    const former = await superadmin(t);
    expectProblem(await former.post('/auth/login/', { ...SUPERADMIN, password: 'x' }), {
      code: 'invalid_credentials',
    });
    expect((await former.get('/auth/me/')).status).toBe(200);
  });
});
