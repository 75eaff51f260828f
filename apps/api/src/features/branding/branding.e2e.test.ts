import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { member, schoolAdmin, superadmin, visitor, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';

const BROWN = { primary_color: '#4E342E', secondary_color: '#123456' };
const RED = { primary_color: '#A01428', secondary_color: '#143CA0' };

let t: TestApp;
let school: School;
let head: Client;
let deputy: Client;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());
beforeEach(async () => {
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  deputy = await schoolAdmin(t, school);
});

const DRAFT = '/current-tenant/theme/draft/';
const PUBLISH = '/current-tenant/theme/publish/';
const ROLLBACK = '/current-tenant/theme/rollback/';
const tagOf = async (client: Client) => ({ 'if-match': (await client.get(DRAFT)).headers['etag'] ?? '' });
const seen = async () => (await visitor(t, school.host).get('/current-tenant/theme/')).body;
const history = async () => (await head.get('/current-tenant/theme/history/')).body;
const trail = async () =>
  (
    await t.sql<{ action: string }>(
      `SELECT action FROM public.audit_log WHERE tenant_id = $1 AND action LIKE 'theme.%' ORDER BY seq`,
      [school.id],
    )
  ).map(({ action }) => action);

describe('a draft', () => {
  it('is kept for all administrators, and seen by nobody else until it is published', async () => {
    const before = await seen();
    expect((await head.get(DRAFT)).body).toMatchObject({ is_kept: false, primary_color: '#2E7D32' });
    const { status, body } = await head.put(DRAFT, BROWN, { headers: await tagOf(head) });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      ...BROWN,
      is_kept: true,
      published: { version: 1, primary_color: '#2E7D32' },
    });
    expect((await deputy.get(DRAFT)).body).toEqual(body);
    expect(await seen()).toEqual(before);

    const published = await deputy.post(PUBLISH, undefined, { headers: await tagOf(deputy) });
    expect(published.body).toMatchObject(BROWN);
    expect(published.body.adjustments).toBeInstanceOf(Array);
    expect(await seen()).toMatchObject(BROWN);
    expect((await head.get(DRAFT)).body).toMatchObject({ is_kept: false, published: { version: 2 } });
    expect(await trail()).toEqual(['theme.draft', 'theme.publish']);
  });

  it('of somebody else is not overwritten unseen, nor published, nor given up', async () => {
    const stale = await tagOf(head);
    await deputy.put(DRAFT, RED, { headers: stale });
    const headers = stale;
    await expectRefusal(t, () => head.put(DRAFT, BROWN, { headers }), { code: 'precondition_failed' });
    await expectRefusal(t, () => head.post(PUBLISH, undefined, { headers }), { code: 'precondition_failed' });
    await expectRefusal(t, () => head.delete(DRAFT, { headers }), { code: 'precondition_failed' });
    expect((await head.get(DRAFT)).body).toMatchObject(RED);
  });

  it('is not published over colours that were changed meanwhile, wherever that was', async () => {
    await head.put(DRAFT, BROWN);
    const headers = await tagOf(head);
    const platform = await superadmin(t);
    await platform.patch(`/tenants/${school.id}/`, { primary_color: '#6A1B9A' });
    await expectRefusal(t, () => head.post(PUBLISH, undefined, { headers }), { code: 'precondition_failed' });
    expect((await head.get(DRAFT)).body).toMatchObject({ ...BROWN, published: { primary_color: '#6A1B9A' } });
  });

  it('of two who save at once, one is kept and the other told', async () => {
    const headers = await tagOf(head);
    const answers = await Promise.all([
      head.put(DRAFT, BROWN, { headers }),
      deputy.put(DRAFT, RED, { headers }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  it('can be given up; without one there is nothing to publish', async () => {
    await head.put(DRAFT, BROWN);
    expect((await head.delete(DRAFT)).body).toMatchObject({ is_kept: false, primary_color: '#2E7D32' });
    await expectRefusal(t, () => head.post(PUBLISH), { code: 'no_theme_draft' });
  });

  it('is for administrators of the school, and made of colours', async () => {
    const teacher = await member(t, school, 'teacher');
    await expectRefusal(t, () => teacher.get(DRAFT), { code: 'permission_denied' });
    await expectRefusal(t, () => teacher.put(DRAFT, BROWN), { code: 'permission_denied' });
    await expectRefusal(t, () => head.put(DRAFT, { ...BROWN, primary_color: 'red' }), {
      code: 'invalid_input',
      errors: { primary_color: 'color' },
    });
  });
});

it('a preview says the tones of any pair and keeps nothing', async () => {
  const { status, body } = await head.post('/current-tenant/theme/preview/', {
    primary_color: '#FFEB3B',
    secondary_color: '#FFFFFF',
  });
  expect(status).toBe(200);
  expect(body.palette.light.primary).toMatch(/^#[0-9a-f]{6}$/);
  expect(body.adjustments.length).toBeGreaterThan(0);
  expect((await head.get(DRAFT)).body.is_kept).toBe(false);
});

describe('the history', () => {
  it('begins with what the school was given, and has every change, by whom and when', async () => {
    expect(await history()).toMatchObject({
      count: 1,
      results: [{ version: 1, primary_color: '#2E7D32', published_by: null, is_current: true }],
    });
    await head.patch('/current-tenant/theme/', { primary_color: '#00695C' });
    await head.put(DRAFT, BROWN);
    await head.post(PUBLISH);
    const { count, results } = await history();
    expect(count).toBe(3);
    expect(
      results.map(({ version, primary_color: colour, is_current: now }: Record<string, unknown>) => [
        version,
        colour,
        now,
      ]),
    ).toEqual([
      [3, '#4E342E', true],
      [2, '#00695C', false],
      [1, '#2E7D32', false],
    ]);
    const me = (await head.get('/auth/me/')).body;
    expect(results[0].published_by).toMatchObject({ id: me.id });
  });

  it('can be gone back in, as a new version that says so, and forth again', async () => {
    await head.put(DRAFT, BROWN);
    await head.post(PUBLISH);
    const back = await deputy.post(ROLLBACK, { version: 1 });
    expect(back.body.primary_color).toBe('#2E7D32');
    expect(await seen()).toMatchObject({ primary_color: '#2E7D32' });
    await deputy.post(ROLLBACK, { version: 2 });
    expect((await history()).results).toMatchObject([
      { version: 4, from_version: 2, ...BROWN, is_current: true },
      { version: 3, from_version: 1, is_current: false },
      { version: 2, from_version: null },
      { version: 1 },
    ]);
    expect(await trail()).toEqual(['theme.draft', 'theme.publish', 'theme.rollback', 'theme.rollback']);
    expectProblem(await head.post(ROLLBACK, { version: 9 }), { code: 'not_found' });
  });

  it('is of one school', async () => {
    await head.put(DRAFT, BROWN);
    await head.post(PUBLISH);
    const other = await createSchool(t);
    const stranger = await schoolAdmin(t, other);
    expect((await stranger.get('/current-tenant/theme/history/')).body.count).toBe(1);
    expectProblem(await stranger.post(ROLLBACK, { version: 2 }), { code: 'not_found' });
  });
});
