import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { insertPendingMembership } from '../identity/index.ts';
import { addMember, addUser, createSchool, PASSWORD, type School } from '../../../test/support/builders.ts';
import {
  type Client,
  createClient,
  schoolAdmin,
  superadmin,
  visitor,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { deliverMails, lastMailTo, mailsTo } from '../../../test/support/mailbox.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

let t: TestApp;
let school: School;
let head: Client & { userId: string; email: string };
let number = 0;
const address = () => `invite-${(number += 1)}@ecole.fr`;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
});

const tokenOf = ({ invitation_url: url }: { invitation_url: string }) => url.split('/').at(-1) ?? '';
const invite = async (email: string, role = 'teacher') => {
  const { status, body, text } = await head.post('/invitations/', { email, role });
  expect(status, text).toBe(201);
  return body;
};
const show = (token: string) => visitor(t, school.host).get(`/invitations/${token}/`);
let accepts = 0;
const accept = (token: string, payload: object) =>
  visitor(t, school.host).send({
    method: 'POST',
    url: `/api/v1/invitations/${token}/accept/`,
    payload,
    remoteAddress: `10.2.${Math.floor((accepts += 1) / 200)}.${accepts % 200}`,
  });
const newcomer = { full_name: 'Ada Lovelace', password: 'douze lettres au moins' };

describe('an invitation by the school', () => {
  it('is not made or sent again where registration is closed; links sent before go on working', async () => {
    const sent = await invite(address());
    const heard = t.hears('tenant', school.id);
    const admin = await superadmin(t);
    await admin.patch(`/tenants/${school.id}/settings/`, { registration: 'closed' });
    await heard;
    expectProblem(await head.post('/invitations/', { email: address(), role: 'teacher' }), {
      code: 'invitations_closed',
    });
    expectProblem(await head.post(`/invitations/${sent.id}/resend/`), { code: 'invitations_closed' });
    expect((await accept(tokenOf(sent), newcomer)).status).toBe(200);
  });

  it('is mailed with the link that is shown once, and makes a member in its role', async () => {
    const email = address();
    const sent = await invite(email.toUpperCase(), 'parent');
    expect(sent).toMatchObject({ email, role: 'parent', status: 'open', inviter: 'Camille Dupré' });
    const mail = await lastMailTo(t, email);
    expect(mail.subject).toBe('Invitation : Lycée Victor Hugo');
    expect(mail.text).toContain('Camille Dupré');
    expect(mail.text).toContain(sent.invitation_url);
    const listed = (await head.get('/invitations/')).body.results.find(
      ({ id }: { id: string }) => id === sent.id,
    );
    expect(JSON.stringify(listed)).not.toContain(tokenOf(sent));
    const { status, body, cookies } = await accept(tokenOf(sent), newcomer);
    expect(status).toBe(200);
    expect(body).toMatchObject({ email, role: 'parent', tenant_id: school.id });
    const inside = createClient(t, school.host, { cookie: cookies[0]?.split(';')[0] ?? '' });
    expect((await inside.get('/current-tenant/info/')).status).toBe(200);
    expect((await head.get('/members/', { query: { role: 'parent' } })).body.count).toBe(1);
    expectProblem(await show(tokenOf(sent)), { code: 'link_used' });
    await expectRefusal(t, () => accept(tokenOf(sent), newcomer), { code: 'link_used' });
  });

  it('takes the password of the account that the address has', async () => {
    const user = await addUser(t);
    const token = tokenOf(await invite(user.email));
    await expectRefusal(t, () => accept(token, { password: 'not the password' }), {
      code: 'invalid_credentials',
    });
    expect((await accept(token, { password: PASSWORD })).body).toMatchObject({
      id: user.id,
      role: 'teacher',
    });
  });

  it('is refused for a member, and says nothing of an account elsewhere', async () => {
    const known = await addMember(t, school, 'student');
    await expectRefusal(t, () => head.post('/invitations/', { email: known.email, role: 'teacher' }), {
      code: 'already_member',
    });
    const elsewhere = await addMember(t, await createSchool(t), 'student');
    const [one, other] = [await invite(elsewhere.email), await invite(address())];
    expect(Object.keys(one)).toEqual(Object.keys(other));
  });

  it('admits somebody who waits, in the role of the invitation', async () => {
    const user = await addUser(t);
    await t.services.tenancy.central(({ trx }) =>
      insertPendingMembership(trx, user.id, school.id, 'student'),
    );
    const token = tokenOf(await invite(user.email, 'staff'));
    expect((await accept(token, { password: PASSWORD })).body.role).toBe('staff');
    expect((await head.get('/members/', { query: { status: 'pending' } })).body.count).toBe(0);
  });

  it('ends when the address is sent another, also when both are made at once', async () => {
    const email = address();
    const first = await invite(email);
    const both = await Promise.all([invite(email, 'staff'), invite(email, 'parent')]);
    expectProblem(await show(tokenOf(first)), { code: 'invitation_revoked' });
    const shown = await Promise.all(both.map((sent) => show(tokenOf(sent))));
    expect(shown.map(({ status }) => String(status)).toSorted()).toEqual(['200', '410']);
  });

  it('leaves those of others as they are, and the platform’s', async () => {
    const [one, two] = [await invite(address(), 'admin'), await invite(address(), 'admin')];
    expect((await show(school.invitation)).status).toBe(200);
    const admin = await superadmin(t);
    await admin.post(`/tenants/${school.id}/invite_admin/`);
    expectProblem(await show(school.invitation), { code: 'invitation_revoked' });
    for (const sent of [one, two]) expect((await show(tokenOf(sent))).status).toBe(200);
  });

  it('is sent again with a new link for another two weeks', async () => {
    const email = address();
    const sent = await invite(email);
    await t.sql(`UPDATE public.invitations SET expires_at = now() - interval '1 hour' WHERE id = $1`, [
      sent.id,
    ]);
    expectProblem(await show(tokenOf(sent)), { code: 'link_expired' });
    const { status, body } = await head.post(`/invitations/${sent.id}/resend/`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id: sent.id, status: 'open' });
    expect(Date.parse(body.expires_at)).toBeGreaterThan(Date.now() + 13 * 86_400_000);
    expectProblem(await show(tokenOf(sent)), { code: 'invitation_not_found' });
    expect((await lastMailTo(t, email)).text).toContain(body.invitation_url);
    expect((await accept(tokenOf(body), newcomer)).status).toBe(200);
    await expectRefusal(t, () => head.post(`/invitations/${sent.id}/resend/`), { code: 'link_used' });
    await expectRefusal(t, () => head.delete(`/invitations/${sent.id}/`), { code: 'link_used' });
  });

  it('is taken back; a mail that was not sent yet never is', async () => {
    const email = address();
    const sent = await invite(email);
    expect((await head.delete(`/invitations/${sent.id}/`)).status).toBe(204);
    await deliverMails(t);
    expect(await mailsTo(t, email)).toEqual([]);
    expectProblem(await show(tokenOf(sent)), { code: 'invitation_revoked' });
    await expectRefusal(t, () => accept(tokenOf(sent), newcomer), { code: 'invitation_revoked' });
    await expectRefusal(t, () => head.delete(`/invitations/${sent.id}/`), { code: 'not_found' });
    await expectRefusal(t, () => head.post(`/invitations/${sent.id}/resend/`), { code: 'not_found' });
  });

  it('needs a seat for a student, when it is sent and when it is accepted', async () => {
    await t.sql('UPDATE public.tenants SET max_students = 1 WHERE id = $1', [school.id]);
    const email = address();
    const sent = await invite(email, 'student');
    await expectRefusal(t, () => head.post('/invitations/', { email: address(), role: 'student' }), {
      code: 'seats_exhausted',
    });
    // The same address again takes no seat more.
    const again = await invite(email, 'student');
    expect(again.id).not.toBe(sent.id);
    await addMember(t, school, 'student');
    await expectRefusal(t, () => accept(tokenOf(again), newcomer), { code: 'seats_exhausted' });
    await t.sql('UPDATE public.tenants SET max_students = 2 WHERE id = $1', [school.id]);
    expect((await accept(tokenOf(again), newcomer)).status).toBe(200);
  });

  it('is listed by state, role and address, and every step is in the audit', async () => {
    const [open, gone, done] = [
      await invite(address()),
      await invite(address()),
      await invite(address(), 'staff'),
    ];
    await head.delete(`/invitations/${gone.id}/`);
    await head.post(`/invitations/${open.id}/resend/`);
    await accept(tokenOf(done), newcomer);
    const ids = async (query: Record<string, string>) =>
      (await head.get('/invitations/', { query })).body.results.map(({ id }: { id: string }) => id);
    expect(await ids({ status: 'open', role: 'teacher' })).toEqual([open.id]);
    expect(await ids({ status: 'revoked' })).toEqual([gone.id]);
    expect(await ids({ status: 'accepted' })).toEqual([done.id]);
    expect(await ids({ status: 'expired' })).toEqual([]);
    expect(await ids({ search: gone.email.slice(0, -4).toUpperCase() })).toContain(gone.id);
    const rows = await t.sql<{ action: string; target_id: string }>(
      `SELECT action, target_id, after FROM public.audit_log
       WHERE tenant_id = $1 AND actor_id = $2 AND action LIKE 'invitation.%' ORDER BY seq`,
      [school.id, head.userId],
    );
    expect(rows.map(({ action, target_id }) => [action, target_id])).toEqual([
      ['invitation.create', open.id],
      ['invitation.create', gone.id],
      ['invitation.create', done.id],
      ['invitation.revoke', gone.id],
      ['invitation.resend', open.id],
    ]);
    const kept = await t.sql<{ row: string }>('SELECT a::text AS row FROM public.audit_log a');
    expect(kept.filter(({ row }) => row.includes(tokenOf(open)))).toEqual([]);
  });
});
