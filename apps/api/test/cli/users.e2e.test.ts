import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, PASSWORD, type School } from '../support/builders.ts';
import { schoolAdmin, visitor } from '../support/clients.ts';
import { type Command, preauOn } from '../support/command.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';

let t: TestApp;
let preau: Command;
let school: School;
beforeAll(async () => {
  t = await createTestApp();
  preau = preauOn(t.fresh.url);
  school = await createSchool(t);
});
afterAll(async () => {
  await preau.close();
  await t.close();
});
const tenant = () => ['--tenant', school.subdomain];

describe('preau users', () => {
  it('adds a new person with a password that lets them in', async () => {
    const made = await preau(
      'users',
      'add',
      'Ada@ecole.fr',
      ...tenant(),
      '--role',
      'teacher',
      '--name',
      'Ada Lovelace',
      '--json',
    );
    expect(made.err).toBe('');
    const { password, ...member } = JSON.parse(made.out);
    expect(member).toMatchObject({ email: 'ada@ecole.fr', role: 'teacher', status: 'active' });
    const login = await visitor(t, school.host).post('/auth/login/', { email: 'ada@ecole.fr', password });
    expect(login.status).toBe(200);
    const again = await preau('users', 'add', 'ada@ecole.fr', ...tenant(), '--role', 'staff');
    expect(again.code).not.toBe(0);
    expect(again.err).toContain('a member of the school already');
  });

  it('adds somebody with an account, whose password stays', async () => {
    const other = await createSchool(t);
    const user = await addMember(t, other, 'parent');
    const { out } = await preau('users', 'add', user.email, ...tenant(), '--role', 'parent', '--json');
    expect(JSON.parse(out)).toMatchObject({ id: user.id, password: null });
    const login = await visitor(t, school.host).post('/auth/login/', {
      email: user.email,
      password: PASSWORD,
    });
    expect(login.status).toBe(200);
  });

  it('refuses a new person without a name, and a role that no school has', async () => {
    const nameless = await preau('users', 'add', 'x@ecole.fr', ...tenant(), '--role', 'staff');
    expect(nameless.code).not.toBe(0);
    expect(nameless.err).toContain('name');
    const head = await preau(
      'users',
      'add',
      'x@ecole.fr',
      ...tenant(),
      '--role',
      'superadmin',
      '--name',
      'X',
    );
    expect(head.code).not.toBe(0);
    expect(head.err).toContain('Allowed choices are admin');
    expect(await t.sql(`SELECT 1 FROM public.users WHERE email = 'x@ecole.fr'`)).toEqual([]);
  });

  it('lists, changes a role, which ends sessions, and removes; the last administrator stays', async () => {
    const head = await schoolAdmin(t, school);
    const lines = (await preau('users', 'list', ...tenant(), '--role', 'admin')).lines();
    expect(lines).toMatchObject([{ email: head.email, role: 'admin' }]);
    const last = await preau('users', 'remove', head.email, ...tenant());
    expect(last.code).not.toBe(0);
    expect(last.err).toContain('last administrator');
    const second = await schoolAdmin(t, school);
    const [session] = await t.sql<{ id: string }>('SELECT id FROM public.sessions WHERE user_id = $1', [
      head.userId,
    ]);
    const heard = t.hears('session', session?.id ?? '');
    expect((await preau('users', 'role', head.email, 'staff', ...tenant())).code).toBe(0);
    await heard;
    expect((await head.get('/auth/me/')).status).toBe(401);
    expect((await preau('users', 'remove', head.email, ...tenant())).code).toBe(0);
    expect((await second.get(`/members/${head.userId}/`)).status).toBe(404);
    expect((await preau('users', 'role', head.email, 'staff', ...tenant())).code).not.toBe(0);
  });
});
