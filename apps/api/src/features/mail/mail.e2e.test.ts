import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshAddress, postFrom } from '../../../test/support/addresses.ts';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { superadmin, teacher } from '../../../test/support/clients.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import { lastMailTo } from '../../../test/support/mailbox.ts';
import { expectProblem } from '../../../test/support/refusals.ts';
import { startSmtp, type TestSmtp } from '../../../test/support/smtp.ts';

const ask = (t: TestApp, { host }: School, email: string, language = 'fr') =>
  postFrom(t, freshAddress(), host, '/auth/password/reset/', { email }, { 'accept-language': language });
const idTo = async (t: TestApp, email: string) =>
  (
    await t.sql<{ id: string }>('SELECT id FROM public.mails WHERE recipient = $1 ORDER BY id DESC', [email])
  )[0]?.id ?? '';

describe('mail without SMTP_URL', () => {
  let t: TestApp;
  let school: School;
  beforeAll(async () => {
    t = await createTestApp();
    school = await createSchool(t, { school_name: 'Lycée "Hugo" <script>' });
  });
  afterAll(() => t.close());

  it('is kept, and read in the console by who is allowed to, which leaves a trace', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const { id } = await lastMailTo(t, email);
    const admin = await superadmin(t);
    const list = await admin.get('/platform/mails/', { query: { search: email } });
    expect(list.body).toMatchObject({
      sends: false,
      count: 1,
      results: [{ id, to: email, status: 'kept', language: 'fr', tenant: { id: school.id } }],
    });
    expect(list.text).not.toContain('reset-password#');
    const { body } = await admin.get(`/platform/mails/${id}/`);
    expect(body.text).toContain('reset-password#');
    expect(body.subject).toBe('Choisir un nouveau mot de passe');
    const trail = await t.sql(
      "SELECT action FROM public.audit_log WHERE action = 'mail.read' AND target_id = $1",
      [id],
    );
    expect(trail).toHaveLength(1);
    expectProblem(await (await teacher(t, school)).get('/platform/mails/'), { code: 'not_found' });
    expect((await admin.get('/platform/mails/', { query: { status: 'failed' } })).body.count).toBe(0);
  });

  it('speaks the language of who asked, and shows what people wrote as text', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email, 'en');
    const { subject, html } = await lastMailTo(t, email);
    expect(subject).toBe('Choose a new password');
    expect(html).toContain('<html lang="en">');
    expect(html).not.toContain('<script>');
    expect(html).toContain('&#60;script&#62;');
  });

  it('loses its words when its links have expired, and vanishes in the end', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const { id } = await lastMailTo(t, email);
    await t.sql("UPDATE public.mails SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
    const old = await addMember(t, school, 'teacher');
    await ask(t, school, old.email);
    const { id: oldId } = await lastMailTo(t, old.email);
    await t.sql("UPDATE public.mails SET created_at = now() - interval '91 days' WHERE id = $1", [oldId]);
    await ask(t, school, email);
    await lastMailTo(t, email);
    const admin = await superadmin(t);
    expect((await admin.get(`/platform/mails/${id}/`)).body).toMatchObject({ text: null, html: null });
    expectProblem(await admin.get(`/platform/mails/${oldId}/`), { code: 'not_found' });
  });

  it('that was rolled back was never written', async () => {
    const undone = new Error('undone');
    await t.services.tenancy
      .central(async ({ trx }) => {
        await t.services.mails.enqueue(trx, {
          kind: 'identity.password_changed',
          to: 'un@example.org',
          tenantId: null,
          language: 'fr',
          data: {},
        });
        throw undone;
      })
      .catch((error: unknown) => expect(error).toBe(undone));
    expect(await idTo(t, 'un@example.org')).toBe('');
  });
});

describe('mail with SMTP_URL', () => {
  let t: TestApp;
  let school: School;
  let smtp: TestSmtp;
  beforeAll(async () => {
    smtp = await startSmtp();
    t = await createTestApp({ smtpUrl: smtp.url });
    school = await createSchool(t, { school_name: 'Lycée "Hugo", Paris', email: 'secretariat@hugo.example' });
  });
  afterAll(async () => {
    await t.close();
    await smtp.close();
  });
  const row = async (id: string) => (await t.sql('SELECT * FROM public.mails WHERE id = $1', [id]))[0];

  it('goes out in the school’s name with answers to the school, and nothing secret stays', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const id = await idTo(t, email);
    await t.services.mails.deliver(id);
    const mail = smtp.taken.at(-1);
    expect(mail).toMatchObject({ from: 'no-reply@localhost', to: [email] });
    expect(mail?.headers).toMatchObject({
      'reply-to': 'secretariat@hugo.example',
      'message-id': `<${id}@localhost>`,
      'auto-submitted': 'auto-generated',
    });
    expect(mail?.headers['from']).toContain('<no-reply@localhost>');
    expect(mail?.body).toMatch(/reset-password#[\w-]{43}/);
    expect(mail?.body).toContain('text/html');
    expect(await row(id)).toMatchObject({ status: 'sent', data: {}, body_text: null, body_html: null });
    expect((await (await superadmin(t)).get(`/platform/mails/${id}/`)).body.text).toBeNull();
    // Another worker that was late.
    const before = smtp.taken.length;
    await t.services.mails.deliver(id);
    expect(smtp.taken).toHaveLength(before);
  });

  it('is tried again with the same words and Message-ID while the server is busy', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const id = await idTo(t, email);
    smtp.refuse({ code: 451, message: 'come back later' });
    await expect(t.services.mails.deliver(id)).rejects.toThrow('come back later');
    expect(await row(id)).toMatchObject({ status: 'queued', attempts: 1 });
    expect((await row(id))?.['failure']).toContain('come back later');
    smtp.refuse(null);
    await t.services.mails.deliver(id);
    expect(smtp.taken.at(-1)?.headers['message-id']).toBe(`<${id}@localhost>`);
    expect(await row(id)).toMatchObject({ status: 'sent', attempts: 2, failure: null });
    const token = /reset-password#([\w-]{43})/.exec(smtp.taken.at(-1)?.body ?? '')?.[1];
    const chosen = await postFrom(t, freshAddress(), school.host, '/auth/password/reset/confirm/', {
      token,
      password: 'huit loutres dans la rivière',
    });
    expect(chosen.status).toBe(204);
  });

  it('that the server refuses for good is given up at once, and says what it said', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const id = await idTo(t, email);
    smtp.refuse({ code: 550, message: 'no such mailbox' });
    await t.services.mails.deliver(id);
    smtp.refuse(null);
    const admin = await superadmin(t);
    const { body } = await admin.get('/platform/mails/', { query: { status: 'failed', search: email } });
    expect(body).toMatchObject({ sends: true, count: 1 });
    expect(body.results[0].failure).toContain('no such mailbox');
    expect(await row(id)).toMatchObject({ data: {} });
  });

  it('given up after its last attempt keeps what the server said last', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const id = await idTo(t, email);
    smtp.refuse({ code: 421, message: 'out of order' });
    await expect(t.services.mails.deliver(id)).rejects.toThrow('out of order');
    smtp.refuse(null);
    await t.services.mails.giveUp(id);
    expect(await row(id)).toMatchObject({ status: 'failed', data: {} });
    expect((await row(id))?.['failure']).toContain('out of order');
  });

  it('is not sent any more once its links would be dead', async () => {
    const { email } = await addMember(t, school, 'teacher');
    await ask(t, school, email);
    const id = await idTo(t, email);
    await t.sql("UPDATE public.mails SET expires_at = now() - interval '1 second' WHERE id = $1", [id]);
    const before = smtp.taken.length;
    await t.services.mails.deliver(id);
    expect(smtp.taken).toHaveLength(before);
    expect(await row(id)).toMatchObject({ status: 'failed', failure: 'expired' });
  });

  it('goes to one mailbox, whatever its address looks like', async () => {
    const id = await t.services.tenancy.central(({ trx }) =>
      t.services.mails.enqueue(trx, {
        kind: 'identity.password_changed',
        to: 'a@example.org, b@example.org',
        tenantId: null,
        language: 'fr',
        data: {},
      }),
    );
    await t.services.mails.deliver(id).catch(() => undefined);
    expect(smtp.taken.flatMap(({ to }) => to)).not.toContain('b@example.org');
  });

  it('is sent by the worker of whichever process', async () => {
    const fresh = await platformDatabase();
    const working = await createTestApp({ fresh, smtpUrl: smtp.url, jobs: [] });
    const at = await createSchool(working);
    const { email } = await addMember(working, at, 'teacher');
    const coming = smtp.next();
    await ask(working, at, email);
    expect((await coming).to).toEqual([email]);
    await working.close();
    await fresh.drop();
  });
});
