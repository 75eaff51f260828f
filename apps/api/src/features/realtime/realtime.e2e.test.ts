import { defineOperation } from '@preau/contracts/realtime';
import { Type } from 'typebox';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import {
  member,
  schoolAdmin,
  schoolKey,
  student,
  superadmin,
  supporter,
  teacher,
  visitor,
  type Client,
} from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { closeSockets, openSocket, type OpenedSocket } from '../../../test/support/sockets.ts';
import { SYSTEM } from '../audit/index.ts';
import { bindOperation } from './index.ts';

const echo = defineOperation({
  op: 'test.echo',
  summary: 'Says what it was told',
  permission: 'announcements:write',
  module: 'announcements',
  data: Type.Object({ text: Type.String({ maxLength: 10 }) }, { additionalProperties: false }),
  answer: Type.Object({ text: Type.String() }),
});
const stay = defineOperation({
  op: 'test.stay',
  summary: 'Whether anybody is known',
  permission: 'anyone',
  data: Type.Object({}, { additionalProperties: false }),
});

let t: TestApp;
let port: number;
let here: School;
let there: School;
let root: Client;
const gone: string[] = [];
beforeAll(async () => {
  t = await createTestApp({
    realtime: [
      { operations: [bindOperation(echo, async ({ data }) => data)] },
      {
        consumer: { name: 'hall', staysWhenLoggedOut: true },
        async connect({ join, tenant }) {
          join(`hall:${tenant.id}`);
        },
        operations: [
          bindOperation(stay, async ({ actor, connected }) => {
            connected.send('test.who', { type: actor.type });
            return undefined;
          }),
        ],
        async disconnect({ socketId }) {
          gone.push(socketId);
        },
      },
    ],
  });
  port = await t.listen();
  root = await superadmin(t);
  [here, there] = [await createSchool(t), await createSchool(t)];
});
afterEach(closeSockets);
afterAll(() => t.close());

const open = (client: Pick<Client, 'host' | 'headers'>, opening = {}) => openSocket(port, client, opening);
const refused = (client: Pick<Client, 'host' | 'headers'>, opening = {}) =>
  open(client, opening).then(
    () => 'opened',
    (error: Error) => error.message,
  );
/** Asks something of the server after which all that was said before has arrived. */
const settled = async (...sockets: OpenedSocket[]) => {
  await t.services.realtime.toOrganisation({ tenantId: here.id }, 'theme.changed', { version: 'mark' });
  await Promise.all(sockets.map((socket) => socket.hears('theme.changed')));
};

describe('a socket', () => {
  it('is opened by a member with a session, at their school', async () => {
    const { welcome } = await open(await teacher(t, here));
    expect(welcome).toMatchObject({ for_org: here.id, gap: false });
  });

  it('is opened by a key of the school that may', async () => {
    const { welcome } = await open(await schoolKey(t, here, ['realtime:connect']));
    expect(welcome.for_org).toBe(here.id);
    expect(await refused(await schoolKey(t, here, ['announcements:read']))).toBe('permission_denied');
  });

  it('is not opened by anybody else', async () => {
    const prof = await teacher(t, here);
    expect(await refused(visitor(t, here.host))).toBe('not_authenticated');
    expect(await refused(prof.at(there.host))).toBe('wrong_host');
    expect(await refused(root)).toBe('not_found');
    expect(await refused(root.at(here.host))).toBe('wrong_host');
    expect(await refused(visitor(t, `nulle-part.${t.base}`))).toBe('tenant_not_found');
    expect(await refused((await schoolKey(t, here, ['realtime:connect'])).at(there.host))).toBe('wrong_host');
    expect(await refused(prof, { consumer: 'none' })).toBe('not_found');
    const closed = await createSchool(t);
    const late = await teacher(t, closed);
    await root.post(`/tenants/${closed.id}/deactivate/`);
    expect(await refused(late)).toBe('tenant_inactive');
  });

  it.each([
    [{ origin: 'https://evil.example' }],
    [{ origin: 'null' }],
    [{ 'sec-fetch-site': 'cross-site' }],
    [{ 'sec-fetch-site': 'same-site' }],
  ])('is not opened by a page of another site: %o', async (headers) => {
    expect(await refused(await teacher(t, here), { headers })).toBe('websocket error');
  });

  it('is opened by the school’s own page', async () => {
    const prof = await teacher(t, here);
    expect(await refused(prof, { headers: { origin: `http://${here.host}` } })).toBe('opened');
    expect(await refused(prof, { headers: { 'sec-fetch-site': 'same-origin' } })).toBe('opened');
  });
});

describe('a message from the server', () => {
  it('reaches a user on all devices, an organisation, a group, a public group, and nobody else', async () => {
    const head = await schoolAdmin(t, here);
    const [one, two] = [await teacher(t, here), await teacher(t, here)];
    const far = await teacher(t, there);
    const group = (await head.post('/groups/', { name: 'Direct' })).body.id;
    await head.post(`/groups/${group}/members/`, { user_ids: [two.userId] });
    const across = (await root.post('/public-groups/', { name: 'Direct' })).body.id;
    await one.post(`/public-groups/${across}/join/`);
    await far.post(`/public-groups/${across}/join/`);
    const [first, again, second, other] = [
      await open(one),
      await open(one),
      await open(two),
      await open(far),
    ];
    const { realtime } = t.services;
    const id = (last: number) => `01890000-0000-7000-8000-00000000000${last}`;
    await realtime.toUser({ tenantId: here.id, userId: one.userId }, 'events.changed', { id: id(1) });
    await realtime.toOrganisation({ tenantId: here.id }, 'events.changed', { id: id(2) });
    await realtime.toGroup({ tenantId: here.id, groupId: group }, 'events.changed', { id: id(3) });
    await realtime.toPublicGroup({ groupId: across }, 'events.changed', { id: id(4) });
    await t.services.tenancy.write(here.ref, ({ trx }) =>
      realtime.tell(trx, { to: 'user', id: two.userId }, 'events.changed', { id: id(5) }),
    );
    await settled(first, again, second);
    await realtime.toOrganisation({ tenantId: there.id }, 'theme.changed', { version: 'mark' });
    await other.hears('theme.changed');
    const of = ({ heard }: OpenedSocket) =>
      heard.filter(({ op }) => op === 'events.changed').map(({ data }) => String(data['id']).at(-1));
    expect(of(first)).toEqual(['1', '2', '4']);
    expect(of(again)).toEqual(['1', '2', '4']);
    expect(of(second)).toEqual(['2', '3', '5']);
    expect(of(other)).toEqual(['4']);
    expect(first.heard[0]).toMatchObject({ op: 'events.changed', for_org: here.id });
    expect(other.heard[0]).toMatchObject({ for_org: null });
  });

  it('is not said after a rollback', async () => {
    const prof = await teacher(t, here);
    const socket = await open(prof);
    const failing = t.services.tenancy.write(here.ref, async ({ trx }) => {
      await t.services.realtime.tell(trx, { to: 'organisation' }, 'notifications.changed', {});
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    await settled(socket);
    expect(socket.heard.map(({ op }) => op)).not.toContain('notifications.changed');
  });

  it('that was missed is said to who comes back, once they are known again', async () => {
    const prof = await teacher(t, here);
    const first = await open(prof);
    first.close();
    const id = '01890000-0000-7000-8000-0000000000aa';
    await t.services.realtime.toUser({ tenantId: here.id, userId: prof.userId }, 'announcements.changed', {
      id,
    });
    await t.services.realtime.toUser({ tenantId: there.id, userId: prof.userId }, 'events.changed', { id });
    const back = await open(prof, { after: first.welcome.at });
    expect(back.welcome.gap).toBe(false);
    expect(back.heard.filter(({ data }) => data['id'] === id).map(({ op }) => op)).toEqual([
      'announcements.changed',
    ]);
    const other = await open(await teacher(t, here), { after: first.welcome.at });
    expect(other.heard.map(({ op }) => op)).not.toContain('announcements.changed');
  });

  it('is missed without trace by who was away for too long, and they are told', async () => {
    const prof = await teacher(t, here);
    const after = new Date(Date.now() - 11 * 60_000).toISOString();
    expect((await open(prof, { after })).welcome.gap).toBe(true);
    expect((await open(prof, { after: 'tomorrow' })).welcome.gap).toBe(false);
  });

  it('is refused when it is more than a hint', async () => {
    const sending = t.services.realtime.toOrganisation({ tenantId: here.id }, 'theme.changed', {
      version: 'x'.repeat(5_000),
    });
    await expect(sending).rejects.toThrow('4096 bytes');
  });
});

describe('a message from a client', () => {
  it('is acknowledged with the answer of its operation', async () => {
    const socket = await open(await teacher(t, here));
    expect(await socket.ask('test.echo', { text: 'oui' })).toEqual({ ok: true, data: { text: 'oui' } });
  });

  it('is refused to its sender alone: another organisation, an unknown operation, data of another kind', async () => {
    const socket = await open(await teacher(t, here));
    const witness = await open(await teacher(t, here));
    const code = async (...asked: Parameters<OpenedSocket['ask']>) => (await socket.ask(...asked)).error.code;
    expect(await code('test.echo', { text: 'x' }, there.id)).toBe('wrong_organisation');
    expect(await code('test.none', {})).toBe('unknown_operation');
    expect(await code('__proto__', {})).toBe('unknown_operation');
    expect(await code('test.echo', { text: 7 })).toBe('invalid_input');
    expect(await code('test.echo', { text: 'x'.repeat(11) })).toBe('invalid_input');
    expect(await code('test.echo', { text: 'x', more: 1 })).toBe('invalid_input');
    const answer = await socket.socket.timeout(5_000).emitWithAck('message', 'bonjour');
    expect(answer).toMatchObject({ ok: false, error: { code: 'invalid_input' } });
    const problem = new Promise((resolve) => socket.socket.on('problem', resolve));
    socket.socket.emit('message', { op: 'test.none', for_org: here.id, data: {} });
    expect(await problem).toMatchObject({ code: 'unknown_operation' });
    await settled(socket, witness);
    expect(witness.heard.map(({ op }) => op)).toEqual(['theme.changed']);
  });

  it('is refused to who may not, and while the module is off', async () => {
    const own = await createSchool(t);
    const pupil = await open(await student(t, own));
    expect((await pupil.ask('test.echo', { text: 'x' })).error.code).toBe('permission_denied');
    const prof = await open(await teacher(t, own));
    const off = prof.hears('modules.changed');
    await root.post(`/tenants/${own.id}/update_modules/`, { modules_enabled: { announcements: false } });
    expect((await off).data).toMatchObject({ modules_enabled: { announcements: false } });
    expect((await prof.ask('test.echo', { text: 'x' })).error.code).toBe('module_disabled');
  });

  it('is refused when there are too many, and in the end its sender is shown out', async () => {
    const socket = await open(await teacher(t, here));
    const answers = await Promise.all(
      Array.from({ length: 60 }, () => socket.ask('test.echo', { text: 'x' })),
    );
    expect(answers.some((answer) => answer.error?.code === 'too_many_requests')).toBe(true);
    for (let count = 0; count < 400; count += 1) socket.socket.emit('message', {});
    expect((await socket.closing).code).toBe('too_many_messages');
  });

  it('of more bytes than any may have closes the socket', async () => {
    const socket = await open(await teacher(t, here));
    const ended = new Promise((resolve) => socket.socket.on('disconnect', resolve));
    socket.socket.emit('message', { op: 'test.echo', for_org: here.id, data: { text: 'x'.repeat(20_000) } });
    expect(await ended).toMatch(/transport/);
  });
});

describe('a socket is closed with a reason', () => {
  const within = async (socket: OpenedSocket, act: () => Promise<unknown>) => {
    const began = performance.now();
    await act();
    const { code, at, reason } = await socket.closing;
    expect(at - began).toBeLessThan(1_000);
    return { code, reason };
  };

  it('when its person logs out, and no other person’s', async () => {
    const [one, two] = [await teacher(t, here), await teacher(t, here)];
    const [mine, other] = [await open(one), await open(two)];
    expect((await within(mine, () => one.post('/auth/logout/'))).code).toBe('logged_out');
    await settled(other);
    expect(other.socket.connected).toBe(true);
  });

  it('when the role changes, and when its person is taken out of the school', async () => {
    const head = await schoolAdmin(t, here);
    const prof = await teacher(t, here);
    const socket = await open(prof);
    expect((await within(socket, () => head.patch(`/members/${prof.userId}/`, { role: 'staff' }))).code).toBe(
      'role_changed',
    );
    const leaver = await teacher(t, here);
    const last = await open(leaver);
    expect((await within(last, () => head.delete(`/members/${leaver.userId}/`))).code).toBe('left_school');
  });

  it('when the school is closed, with what the school says of it', async () => {
    const own = await createSchool(t);
    const socket = await open(await teacher(t, own));
    const closing = () => root.post(`/tenants/${own.id}/deactivate/`, { reason: 'Travaux' });
    expect(await within(socket, closing)).toEqual({ code: 'tenant_inactive', reason: 'Travaux' });
  });

  it('when the key is revoked', async () => {
    const head = await schoolAdmin(t, here);
    const made = (await head.post('/api_keys/', { name: 'x', scopes: ['realtime:connect'] })).body;
    const socket = await open({ host: here.host, headers: { 'api-key': made.key } });
    expect((await within(socket, () => head.delete(`/api_keys/${made.id}/`))).code).toBe('key_revoked');
  });

  it('when the session’s time is over, and not before', async () => {
    const prof = await teacher(t, here);
    await t.sql(
      `UPDATE public.sessions SET expires_at = now() + interval '700 milliseconds' WHERE user_id = $1`,
      [prof.userId],
    );
    const socket = await open(prof);
    expect((await socket.closing).code).toBe('session_expired');
  });

  it('when the leave of the one who helps ends', async () => {
    const guest = await supporter(t, here);
    const socket = await open(guest);
    const head = await schoolAdmin(t, here);
    const [grant] = await t.sql<{ id: string }>(
      `SELECT g.id FROM public.support_grants g WHERE g.tenant_id = $1 AND g.status = 'granted'`,
      [here.id],
    );
    expect((await within(socket, () => head.post(`/support/${grant?.id}/end/`))).code).toBe('support_ended');
  });

  it('when one person has more than anybody needs, the oldest first', async () => {
    const prof = await teacher(t, here);
    const first = await open(prof);
    for (let count = 0; count < 25; count += 1) await open(prof);
    expect((await first.closing).code).toBe('too_many_sockets');
  });

  it('when the password changes', async () => {
    const prof = await member(t, here, 'staff');
    const socket = await open(prof);
    const ending = () =>
      t.services.tenancy.central((scope) =>
        t.services.sessions.endOf(scope, { userId: prof.userId, why: 'password_changed' }),
      );
    expect((await within(socket, ending)).code).toBe('password_changed');
  });

  it('but not that of a consumer that stays, which keeps nothing of the member’s', async () => {
    const prof = await teacher(t, here);
    const hall = await open(prof, { consumer: 'hall' });
    expect((await hall.ask('test.echo', { text: 'x' })).error.code).toBe('unknown_operation');
    await prof.post('/auth/logout/');
    await settled(await open(await teacher(t, here)));
    expect((await hall.ask('test.stay', {})).ok).toBe(true);
    expect((await hall.hears('test.who')).data).toEqual({ type: 'visitor' });
    expect(hall.heard.map(({ op }) => op)).not.toContain('theme.changed');
    const id = hall.welcome.socket_id;
    hall.close();
    await expect.poll(() => gone).toContain(id);
  });
});

describe('an open socket', () => {
  it('enters and leaves the rooms of groups as its person does', async () => {
    const head = await schoolAdmin(t, here);
    const prof = await teacher(t, here);
    const group = (await head.post('/groups/', { name: 'Va-et-vient' })).body.id;
    const socket = await open(prof);
    await head.post(`/groups/${group}/members/`, { user_ids: [prof.userId] });
    await socket.hears('groups.changed');
    const told = socket.hears('notifications.changed');
    await t.services.realtime.toGroup({ tenantId: here.id, groupId: group }, 'notifications.changed', {});
    expect((await told).for_org).toBe(here.id);
    const before = socket.heard.filter(({ op }) => op === 'groups.changed').length;
    await head.delete(`/groups/${group}/members/${prof.userId}/`);
    await expect.poll(() => socket.heard.filter(({ op }) => op === 'groups.changed').length).toBe(before + 1);
    await t.services.realtime.toGroup({ tenantId: here.id, groupId: group }, 'events.changed', {
      id: '01890000-0000-7000-8000-0000000000bb',
    });
    await settled(socket);
    expect(socket.heard.map(({ op }) => op)).not.toContain('events.changed');
  });

  it('is told that the school’s colours changed', async () => {
    const own = await createSchool(t);
    const head = await schoolAdmin(t, own);
    const socket = await open(await student(t, own));
    await head.patch('/current-tenant/theme/', { primary_color: '#7B1FA2' });
    const { version } = (await head.get('/current-tenant/theme/')).body;
    expect((await socket.hears('theme.changed')).data).toEqual({ version });
  });

  it('tells the staff who is connected, and when they come and go', async () => {
    const [watcher, pupil] = [await open(await teacher(t, here)), await student(t, here)];
    const watching = await watcher.ask('presence.watch', { user_ids: [pupil.userId] });
    expect(watching).toEqual({ ok: true, data: { online: [] } });
    const seen = await open(pupil);
    expect((await watcher.hears('presence.changed')).data).toEqual({ user_id: pupil.userId, online: true });
    expect((await seen.ask('presence.watch', { user_ids: [] })).error.code).toBe('permission_denied');
    expect((await watcher.ask('presence.watch', { user_ids: [pupil.userId] })).data.online).toEqual([
      pupil.userId,
    ]);
    seen.close();
    await expect
      .poll(() => watcher.heard.filter(({ op }) => op === 'presence.changed').at(-1)?.data)
      .toEqual({ user_id: pupil.userId, online: false });
  });

  it('is counted, and so is why it was closed', async () => {
    const prof = await teacher(t, here);
    await open(prof);
    const text = async () => t.services.metrics.registry.metrics();
    expect(await text()).toMatch(/preau_sockets [1-9]/);
    await t.services.sessions.logOut(
      /preau_session=(.+)/.exec(String(prof.headers['cookie']))?.[1] ?? '',
      SYSTEM,
    );
    await expect.poll(text).toMatch(/preau_sockets_closed_total\{code="logged_out"\} [1-9]/);
  });
});
