import ICAL from 'ical.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  member,
  schoolAdmin,
  schoolKey,
  student,
  superadmin,
  teacher,
  visitor,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { closeSockets, openSocket } from '../../../test/support/sockets.ts';

let t: TestApp;
let school: School;
let head: Client;
let author: Client & { userId: string };
let pupil: Client & { userId: string };
let parent: Client & { userId: string };

beforeAll(async () => {
  t = await createTestApp();
  school = await createSchool(t);
  head = await schoolAdmin(t, school);
  author = await teacher(t, school);
  pupil = await student(t, school);
  parent = await member(t, school, 'parent');
});
afterAll(() => t.close());

const choir = {
  title: 'Chorale',
  place: 'Salle de musique',
  starts_at: '2026-10-23T17:00',
  ends_at: '2026-10-23T18:00',
};
const enter = async (client: Client, over: object = {}) => {
  const { status, body, text } = await client.post('/events/', { ...choir, ...over });
  expect(status, text).toBe(201);
  return body;
};
const daysOf = async (client: Client, query: Record<string, string>) =>
  (await client.get('/events/', { query: { page_size: 500, ...query } })).body.results.map(
    (one: { starts_at: string; title: string }) => `${one.starts_at} ${one.title}`,
  );

describe('an open agenda', () => {
  afterAll(closeSockets);
  const about = (heard: readonly { op: string; data: Record<string, unknown> }[], id: string) =>
    heard.filter(({ op, data }) => op === 'events.changed' && data['id'] === id).length;

  it('hears of what comes, changes and goes, where its reader sees it', async () => {
    const port = await t.listen();
    const [pupils, parents, heads] = [
      await openSocket(port, pupil),
      await openSocket(port, parent),
      await openSocket(port, head),
    ];
    /** All that was said before has arrived. */
    const settled = async (version: string) => {
      const marked = [pupils, parents, heads].map(
        ({ socket }) =>
          new Promise<void>((resolve) => {
            socket.on('message', ({ data }) => data.version === version && resolve());
          }),
      );
      await t.services.realtime.toOrganisation({ tenantId: school.id }, 'theme.changed', { version });
      await Promise.all(marked);
    };
    const heardOf = (id: string) => [pupils, parents, heads].map(({ heard }) => about(heard, id));

    const { id } = await enter(author, { audience: { roles: ['parent'], groups: [] } });
    await expect.poll(() => heardOf(id)).toEqual([0, 1, 1]);
    await author.patch(`/events/${id}/`, { audience: { roles: ['student'], groups: [] } });
    await expect.poll(() => heardOf(id)).toEqual([1, 2, 2]);
    // What was refused has changed nothing.
    await pupil.patch(`/events/${id}/`, { title: 'Récréation' });
    await author.delete(`/events/${id}/`);
    await expect.poll(() => heardOf(id)).toEqual([2, 2, 3]);
    await settled('all of it');
    expect(heardOf(id)).toEqual([2, 2, 3]);
  });
});

describe('events', () => {
  it('are entered by a teacher in the time of the school and read by everybody of it', async () => {
    const { status, body, headers } = await author.post('/events/', {
      ...choir,
      description: 'Apporter sa partition.',
      tags: ['Musique'],
    });
    expect(status).toBe(201);
    expect(headers.location).toBe(`/api/v1/events/${body.id}/`);
    expect(body).toMatchObject({
      title: 'Chorale',
      starts_at: '2026-10-23T17:00:00+02:00',
      ends_at: '2026-10-23T18:00:00+02:00',
      starts_on: '2026-10-23',
      ends_on: '2026-10-23',
      all_day: false,
      time_zone: 'Europe/Paris',
      recurrence: null,
      visibility: 'school',
      tags: ['musique'],
      may_edit: true,
      author: { id: author.userId, name: 'Camille Dupré' },
    });
    expect((await pupil.get(`/events/${body.id}/`)).body).toEqual({ ...body, may_edit: false });
    expect((await head.get(`/events/${body.id}/`)).body.may_edit).toBe(true);
    const { body: page } = await parent.get('/events/', {
      query: { from: '2026-10-23', to: '2026-10-24', tag: 'Musique' },
    });
    expect(page).toMatchObject({ count: 1, next: null });
    expect(page.results[0]).toMatchObject({ event_id: body.id, day: '2026-10-23', recurring: false });
    await author.delete(`/events/${body.id}/`);
  });

  it('of a series keep their hour over the change of the clock, and are found by period', async () => {
    const series = await enter(author, { recurrence: 'FREQ=WEEKLY;UNTIL=20261106' });
    expect(await daysOf(parent, { from: '2026-10-20', to: '2026-11-10' })).toEqual([
      '2026-10-23T17:00:00+02:00 Chorale',
      '2026-10-30T17:00:00+01:00 Chorale',
      '2026-11-06T17:00:00+01:00 Chorale',
    ]);
    expect(await daysOf(parent, { from: '2026-10-30T17:30', to: '2026-11-01' })).toEqual([
      '2026-10-30T17:00:00+01:00 Chorale',
    ]);
    expect(await daysOf(parent, { from: '2026-10-30T18:00', to: '2026-11-06' })).toEqual([]);
    await author.delete(`/events/${series.id}/`);
    expect(await daysOf(parent, { from: '2026-10-20', to: '2026-11-10' })).toEqual([]);
  });

  it('of whole days are found on each of them, and on no other', async () => {
    const { id } = await enter(author, {
      title: 'Classe verte',
      starts_at: '2026-05-18',
      ends_at: '2026-05-22',
    });
    const on = async (from: string, to: string) => (await daysOf(parent, { from, to })).length;
    expect(await on('2026-05-22', '2026-05-23')).toBe(1);
    expect(await on('2026-05-23', '2026-05-24')).toBe(0);
    expect(await on('2026-05-17', '2026-05-18')).toBe(0);
    expect((await parent.get(`/events/${id}/`)).body).toMatchObject({
      all_day: true,
      ends_on: '2026-05-22',
      ends_at: '2026-05-23T00:00:00+02:00',
    });
    await author.delete(`/events/${id}/`);
  });

  it('are refused from students, parents and strangers', async () => {
    for (const reader of [pupil, parent])
      await expectRefusal(t, () => reader.post('/events/', choir), { code: 'permission_denied' });
    await expectRefusal(t, () => visitor(t, school.host).post('/events/', choir), {
      code: 'not_authenticated',
    });
  });

  it('are changed by their author and by administrators, and by no other teacher', async () => {
    const { id } = await enter(author);
    const other = await teacher(t, school);
    await expectRefusal(t, () => other.patch(`/events/${id}/`, { title: 'x' }), {
      code: 'permission_denied',
    });
    await expectRefusal(t, () => other.delete(`/events/${id}/`), { code: 'permission_denied' });
    const read = await author.get(`/events/${id}/`);
    const moved = await head.patch(
      `/events/${id}/`,
      { starts_at: '2026-10-24T09:00' },
      { headers: { 'if-match': read.headers.etag ?? '' } },
    );
    expect(moved.body).toMatchObject({
      starts_at: '2026-10-24T09:00:00+02:00',
      ends_at: '2026-10-24T10:00:00+02:00',
    });
    expectProblem(
      await author.patch(
        `/events/${id}/`,
        { title: 'x' },
        { headers: { 'if-match': read.headers.etag ?? '' } },
      ),
      { code: 'precondition_failed' },
    );
    await head.delete(`/events/${id}/`);
    const written = await t.sql<{ action: string }>(
      `SELECT action FROM public.audit_log WHERE target_id = $1 AND action LIKE 'event.%' ORDER BY seq`,
      [id],
    );
    expect(written.map(({ action }) => action)).toEqual(['event.create', 'event.update', 'event.delete']);
  });

  it('are shown to their audience alone, whatever is asked', async () => {
    const { id } = await enter(author, { title: 'Conseil', audience: { roles: ['teacher', 'staff'] } });
    const day = { from: '2026-10-23', to: '2026-10-24' };
    expect(await daysOf(parent, day)).toEqual([]);
    for (const path of [
      `/events/${id}/`,
      `/events/${id}/calendar.ics/`,
      `/events/${id}/occurrences/2026-10-23/`,
    ])
      expectProblem(await parent.get(path), { code: 'not_found' });
    const other = await teacher(t, school);
    expect(await daysOf(other, day)).toHaveLength(1);
    expect(await daysOf(head, day)).toHaveLength(1);
    const key = await schoolKey(t, school, ['events:read']);
    expect(await daysOf(key, day)).toHaveLength(1);
    await head.delete(`/events/${id}/`);
  });

  it('are shown to the groups they are for, and to who joins them later', async () => {
    const { body: group } = await head.post('/groups/', { name: 'Orchestre' });
    const { id } = await enter(author, { audience: { roles: [], groups: [group.id] } });
    const day = { from: '2026-10-23', to: '2026-10-24' };
    expect(await daysOf(pupil, day)).toEqual([]);
    const added = await head.post(`/groups/${group.id}/members/`, { user_ids: [pupil.userId] });
    expect(added.status, added.text).toBeLessThan(300);
    expect(await daysOf(pupil, day)).toHaveLength(1);
    expect(await daysOf(parent, day)).toEqual([]);
    expectProblem(
      await author.post('/events/', {
        ...choir,
        audience: { roles: [], groups: ['01890000-0000-7000-8000-000000000000'] },
      }),
      { code: 'unknown_group' },
    );
    await head.delete(`/events/${id}/`);
  });

  it.each([
    [{ ends_at: '2026-10-23T16:00' }, 'event_ends_before'],
    [{ ends_at: '2027-10-23T16:00' }, 'event_too_long'],
    [{ recurrence: 'FREQ=WEEKLY' }, 'recurrence_refused'],
    [{ visibility: 'public', audience: { roles: ['teacher'] } }, 'audience_of_shared'],
    [{ starts_at: 'demain' }, 'invalid_input'],
    [{ tags: ['<b>'] }, 'invalid_input'],
  ] as const)('are refused with %j', async (over, code) => {
    expectProblem(await author.post('/events/', { ...choir, ...over }), { code });
  });

  it('are asked for over a period that has a bound', async () => {
    const query = { from: '2026-01-01', to: '2028-01-01' };
    expectProblem(await pupil.get('/events/', { query }), { code: 'range_too_long' });
  });
});

describe('one occurrence of a series', () => {
  it('is changed, taken out and made like the others again, and the others stay', async () => {
    const { id } = await enter(author, { recurrence: 'FREQ=WEEKLY;COUNT=3' });
    const period = { from: '2026-10-20', to: '2026-11-20' };
    const changed = await author.patch(`/events/${id}/occurrences/2026-10-30/`, {
      title: 'Répétition générale',
      starts_at: '2026-10-31T10:00',
    });
    expect(changed.body).toMatchObject({
      day: '2026-10-30',
      title: 'Répétition générale',
      place: 'Salle de musique',
      starts_at: '2026-10-31T10:00:00+01:00',
      ends_at: '2026-10-31T11:00:00+01:00',
      changed: true,
    });
    expect((await author.delete(`/events/${id}/occurrences/2026-11-06/`)).status).toBe(204);
    expect(await daysOf(pupil, period)).toEqual([
      '2026-10-23T17:00:00+02:00 Chorale',
      '2026-10-31T10:00:00+01:00 Répétition générale',
    ]);
    expect((await pupil.get(`/events/${id}/`)).body).toMatchObject({
      cancelled_days: ['2026-11-06'],
      changed_days: ['2026-10-30'],
    });
    // The series moves by an hour: what was changed stays as it was put, what was taken out stays out.
    await author.patch(`/events/${id}/`, { starts_at: '2026-10-23T18:00' });
    expect(await daysOf(pupil, period)).toEqual([
      '2026-10-23T18:00:00+02:00 Chorale',
      '2026-10-31T10:00:00+01:00 Répétition générale',
    ]);
    await author.post(`/events/${id}/occurrences/2026-10-30/reset/`);
    await author.post(`/events/${id}/occurrences/2026-11-06/reset/`);
    expect(await daysOf(pupil, period)).toEqual([
      '2026-10-23T18:00:00+02:00 Chorale',
      '2026-10-30T18:00:00+01:00 Chorale',
      '2026-11-06T18:00:00+01:00 Chorale',
    ]);
    expectProblem(await author.delete(`/events/${id}/occurrences/2026-11-07/`), { code: 'not_found' });
    await expectRefusal(t, () => pupil.delete(`/events/${id}/occurrences/2026-11-06/`), {
      code: 'permission_denied',
    });
    await author.delete(`/events/${id}/`);
  });
});

describe('a calendar file', () => {
  it('holds the series, its exceptions and the zone, so that another program finds the same instants', async () => {
    const { id } = await enter(author, {
      recurrence: 'FREQ=WEEKLY;COUNT=4',
      description: 'Partitions ; souliers, eau\nMerci',
    });
    await author.delete(`/events/${id}/occurrences/2026-10-30/`);
    await author.patch(`/events/${id}/occurrences/2026-11-06/`, { starts_at: '2026-11-07T10:00' });
    const { text, headers } = await pupil.get(`/events/${id}/calendar.ics`);
    expect(headers['content-type']).toBe('text/calendar; charset=utf-8');
    expect(text).toMatch(/^BEGIN:VCALENDAR\r\n/);
    for (const line of text.split('\r\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);

    const calendar = new ICAL.Component(ICAL.parse(text));
    const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone')!);
    ICAL.TimezoneService.register(zone);
    const [whole, ...changed] = calendar
      .getAllSubcomponents('vevent')
      .map((component) => new ICAL.Event(component));
    changed.forEach((one) => whole!.relateException(one));
    const iterator = whole!.iterator();
    const found: string[] = [];
    for (let next = iterator.next(); next; next = iterator.next()) {
      const { startDate } = whole!.getOccurrenceDetails(next);
      found.push(startDate.convertToZone(ICAL.Timezone.utcTimezone).toString());
    }
    ICAL.TimezoneService.reset();
    expect(found).toEqual(['2026-10-23T15:00:00Z', '2026-11-07T09:00:00Z', '2026-11-13T16:00:00Z']);
    expect(whole!.description).toBe('Partitions ; souliers, eau\nMerci');
    await author.delete(`/events/${id}/`);
  });

  it('is subscribed to at an address that needs no session, and shows what its member may see', async () => {
    const { id } = await enter(author, {
      title: 'Portes ouvertes',
      starts_at: '2027-03-01',
      ends_at: '2027-03-01',
    });
    const secret = await enter(author, {
      title: 'Conseil',
      starts_at: '2027-03-02',
      ends_at: '2027-03-02',
      audience: { roles: ['teacher'] },
    });
    expect((await parent.get('/events/feed/')).body).toEqual({
      active: false,
      created_at: null,
      last_used_at: null,
    });
    const { status, body } = await parent.post('/events/feed/');
    expect(status).toBe(201);
    const path = new URL(body.url).pathname.replace('/api/v1', '');
    const application = visitor(t, school.host);
    const read = await application.get(path);
    expect(read.status).toBe(200);
    expect(read.text).toContain('Portes ouvertes');
    expect(read.text).not.toContain('Conseil');
    expect((await parent.get('/events/feed/')).body).toMatchObject({
      active: true,
      last_used_at: expect.any(String),
    });
    const [{ kept } = { kept: '' }] = await t.sql<{ kept: string }>(
      'SELECT row_to_json(f)::text AS kept FROM public.calendar_feeds f',
    );
    expect(kept).not.toContain(path.split('/').at(-1)!.slice(0, 20));

    const elsewhere = await createSchool(t);
    expectProblem(await visitor(t, elsewhere.host).get(path), { code: 'not_found' });
    const { body: next } = await parent.post('/events/feed/');
    expectProblem(await application.get(path), { code: 'not_found' });
    const newer = new URL(next.url).pathname.replace('/api/v1', '');
    expect((await application.get(newer)).status).toBe(200);
    await parent.delete('/events/feed/');
    expectProblem(await application.get(newer), { code: 'not_found' });
    for (const one of [id, secret.id]) await author.delete(`/events/${one}/`);
  });

  it('ends for somebody who is a member no more', async () => {
    const leaving = await member(t, school, 'parent');
    const { body } = await leaving.post('/events/feed/');
    const path = new URL(body.url).pathname.replace('/api/v1', '');
    expect((await visitor(t, school.host).get(path)).status).toBe(200);
    await head.delete(`/members/${leaving.userId}/`);
    expectProblem(await visitor(t, school.host).get(path), { code: 'not_found' });
  });
});

describe('the module', () => {
  it('off answers nobody, feeds included; on again everything is there', async () => {
    const { id } = await enter(author);
    const { body } = await parent.post('/events/feed/');
    const feed = new URL(body.url).pathname.replace('/api/v1', '');
    const admin = await superadmin(t);
    const set = (on: boolean) =>
      admin.post(`/tenants/${school.id}/update_modules/`, { modules_enabled: { agenda: on } });
    expect((await set(false)).status).toBe(200);
    for (const path of ['/events/', `/events/${id}/`, `/events/${id}/calendar.ics/`, '/events/feed/', feed])
      expectProblem(await parent.get(path), { code: 'module_disabled' });
    expectProblem(await visitor(t, school.host).get(feed), { code: 'module_disabled' });
    await expectRefusal(t, () => author.post('/events/', choir), { code: 'module_disabled' });
    await set(true);
    expect((await parent.get(`/events/${id}/`)).status).toBe(200);
    expect((await visitor(t, school.host).get(feed)).text).toContain('Chorale');
    await author.delete(`/events/${id}/`);
  });
});
