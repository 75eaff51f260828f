import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  createClient,
  platformKey,
  superadmin,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let admin: Client;
let school: School;
let number = 0;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
beforeEach(async () => {
  school = await createSchool(t, { email: `direction-${(number += 1)}@ecole.fr` });
});
afterAll(() => t.close());

const show = (token: string, host = school.host) => visitor(t, host).get(`/invitations/${token}/`);
let address = 0;
const accept = (token: string, payload: object, host = school.host) =>
  visitor(t, host).send({
    method: 'POST',
    url: `/api/v1/invitations/${token}/accept/`,
    payload,
    remoteAddress: `10.1.0.${(address += 1)}`,
  });
const newcomer = { full_name: ' Ada Lovelace ', password: 'douze lettres au moins' };

describe('the first administrator’s invitation', () => {
  it('makes an account, a member and a session, once', async () => {
    expect(await show(school.invitation)).toMatchObject({
      status: 200,
      body: {
        email: `direction-${number}@ecole.fr`,
        role: 'admin',
        account_exists: false,
        password_min_length: 12,
      },
    });
    const { status, body, cookies } = await accept(school.invitation, newcomer);
    expect(status).toBe(200);
    expect(body).toMatchObject({ full_name: 'Ada Lovelace', role: 'admin', tenant_id: school.id });
    const inside = createClient(t, school.host, { cookie: cookies[0]?.split(';')[0] ?? '' });
    expect((await inside.get('/current-tenant/info/')).status).toBe(200);
    expectProblem(await show(school.invitation), { code: 'link_used' });
    await expectRefusal(t, () => accept(school.invitation, newcomer), { code: 'link_used' });
    const login = await visitor(t, school.host).post('/auth/login/', {
      email: body.email,
      password: newcomer.password,
    });
    expect(login.status).toBe(200);
    const { body: stats } = await admin.get(`/tenants/${school.id}/stats/`);
    expect(stats).toMatchObject({ total_users: 1, admin_count: 1 });
  });

  it('accepted twice at once makes one account', async () => {
    const answers = await Promise.all([1, 2, 3].map(() => accept(school.invitation, newcomer)));
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(['200', '409', '409']);
    expect(await t.sql('SELECT 1 FROM public.memberships WHERE tenant_id = $1', [school.id])).toHaveLength(1);
  });

  it('keeps to the password rule of the school', async () => {
    await admin.patch(`/tenants/${school.id}/settings/`, { password_min_length: 20 });
    await expectRefusal(t, () => accept(school.invitation, { ...newcomer, password: 'x'.repeat(19) }), {
      code: 'invalid_input',
      errors: { password: 'min_length' },
    });
    await expectRefusal(t, () => accept(school.invitation, { password: 'x'.repeat(20) }), {
      code: 'invalid_input',
      errors: { full_name: 'required' },
    });
    await expectRefusal(t, () => accept(school.invitation, { ...newcomer, role: 'admin' }), {
      code: 'invalid_input',
      errors: { role: 'unknown_field' },
    });
    expect((await accept(school.invitation, { ...newcomer, password: 'x'.repeat(20) })).status).toBe(200);
  });

  it('of somebody with an account wants that account’s password', async () => {
    const user = await addUser(t);
    const { status, body } = await admin.post(`/tenants/${school.id}/invite_admin/`, { email: user.email });
    expect(status).toBe(201);
    const token = body.invitation_url.split('/').at(-1);
    expect((await show(token)).body).toMatchObject({ email: user.email, account_exists: true });
    await expectRefusal(t, () => accept(token, { password: 'not the password' }), {
      code: 'invalid_credentials',
    });
    const joined = await accept(token, { full_name: 'Somebody Else', password: PASSWORD });
    expect(joined.body).toMatchObject({ id: user.id, full_name: 'Camille Dupré', role: 'admin' });
  });

  it('does not take a member’s role away', async () => {
    const user = await addMember(t, school, 'teacher');
    const { body } = await admin.post(`/tenants/${school.id}/invite_admin/`, { email: user.email });
    const joined = await accept(body.invitation_url.split('/').at(-1), { password: PASSWORD });
    expect(joined.status).toBe(200);
    expect(await t.sql('SELECT 1 FROM public.memberships WHERE user_id = $1', [user.id])).toHaveLength(1);
  });

  it('ends when a new one is made, when its time is over, and with the school', async () => {
    const { body } = await admin.post(`/tenants/${school.id}/invite_admin/`);
    expect(body.email).toBe(`direction-${number}@ecole.fr`);
    expectProblem(await show(school.invitation), { code: 'invitation_revoked' });
    const token = body.invitation_url.split('/').at(-1);
    expect((await show(token)).status).toBe(200);
    await t.sql(
      `UPDATE public.invitations SET expires_at = now() - interval '1 second' WHERE tenant_id = $1`,
      [school.id],
    );
    expectProblem(await show(token), { code: 'link_expired' });
    await expectRefusal(t, () => accept(token, newcomer), { code: 'link_expired' });
    await admin.post(`/tenants/${school.id}/deactivate/`);
    expectProblem(await show(token), { code: 'tenant_inactive' });
  });

  it('is nothing at another school, nor when made up', async () => {
    const other = await createSchool(t);
    expectProblem(await show(school.invitation, other.host), { code: 'invitation_not_found' });
    await expectRefusal(t, () => accept(school.invitation, newcomer, other.host), {
      code: 'invitation_not_found',
    });
    expectProblem(await show('a'.repeat(43)), { code: 'invitation_not_found' });
    expectProblem(await show('short'), { code: 'not_found' });
    expectProblem(await show(school.invitation, t.consoleHost), { code: 'not_found' });
  });

  it('of one person into two schools at once makes one account', async () => {
    const email = `deux-${number}@ecole.fr`;
    const schools = await Promise.all([createSchool(t, { email }), createSchool(t, { email })]);
    const answers = await Promise.all(
      schools.map(({ invitation, host }) => accept(invitation, newcomer, host)),
    );
    // The second may be asked for the password again, now that there is an account; it is never an error of ours.
    for (const { status } of answers) expect(status).toBeLessThan(500);
    expect(await t.sql('SELECT 1 FROM public.users WHERE email = $1', [email])).toHaveLength(1);
  });

  it('needs a provisioned school and the scope', async () => {
    const pending = await createSchool(t, { provisioned: false });
    await expectRefusal(t, () => admin.post(`/tenants/${pending.id}/invite_admin/`), {
      code: 'not_provisioned',
    });
    // Whoever may create schools may not let themselves into those of others.
    const creator = await platformKey(t, [
      'tenants:read',
      'tenants:create',
      'tenants:provision',
      'tenants:update',
    ]);
    await expectRefusal(t, () => creator.post(`/tenants/${school.id}/invite_admin/`), {
      code: 'permission_denied',
    });
    const inviter = await platformKey(t, ['tenants:invite']);
    expect((await inviter.post(`/tenants/${school.id}/invite_admin/`)).status).toBe(201);
    await expectRefusal(t, () => admin.post(`/tenants/${school.id}/invite_admin/`, { email: 'x' }), {
      code: 'invalid_input',
      errors: { email: 'email' },
    });
  });

  it('is kept as a hash only', async () => {
    const rows = await t.sql<{ row: string }>(
      'SELECT i::text AS row FROM public.invitations i UNION ALL SELECT a::text FROM public.audit_log a',
    );
    expect(rows.filter(({ row }) => row.includes(school.invitation))).toEqual([]);
  });
});
