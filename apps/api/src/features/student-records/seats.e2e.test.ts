import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMember, createSchool, type School } from '../../../test/support/builders.ts';
import { schoolAdmin, type Client } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { expectRefusal } from '../../../test/support/refusals.ts';
import { addStudent } from '../../../test/support/roster-samples.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

async function schoolWith(seats: number): Promise<{ school: School; head: Client }> {
  const school = await createSchool(t);
  await t.sql('UPDATE public.tenants SET max_students = $2 WHERE id = $1', [school.id, seats]);
  return { school, head: await schoolAdmin(t, school) };
}
const taken = async ({ id }: School): Promise<number> =>
  (
    await t.sql<{ n: number }>('SELECT student_count AS n FROM public.tenant_usage WHERE tenant_id = $1', [
      id,
    ])
  )[0]?.n ?? -1;
/** What the rows say, whatever the counter does. */
const counted = async ({ id, schemaName }: School): Promise<number> =>
  Number(
    (
      await t.sql<{ n: string }>(
        `SELECT (SELECT count(*) FROM ${schemaName}.students WHERE status = 'enrolled')
           + (SELECT count(*) FROM public.memberships WHERE tenant_id = $1 AND role = 'student' AND status = 'active'
                AND NOT seat_by_record) AS n`,
        [id],
      )
    )[0]?.n,
  );

describe('student seats', () => {
  it('twenty who come at once take the ten there are', async () => {
    const { school, head } = await schoolWith(10);
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, at) =>
        head.post('/students/', { last_name: 'Foule', first_name: `N${at}` }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10);
    for (const { body } of answers.filter(({ status }) => status !== 201))
      expect(body).toMatchObject({ code: 'seats_exhausted', limit: 10 });
    expect([await taken(school), await counted(school)]).toEqual([10, 10]);
  });

  it('records and accounts take from the same seats, at the same time', async () => {
    const { school, head } = await schoolWith(6);
    await Promise.allSettled([
      ...Array.from({ length: 6 }, (_, at) =>
        head.post('/students/', { last_name: 'Fiche', first_name: `N${at}` }),
      ),
      ...Array.from({ length: 6 }, () => addMember(t, school, 'student')),
    ]);
    expect([await taken(school), await counted(school)]).toEqual([6, 6]);
  });

  it('a student with a record and an account has one, through every change', async () => {
    const { school, head } = await schoolWith(2);
    const steady = async (seats: number) =>
      expect([await taken(school), await counted(school)]).toEqual([seats, seats]);
    const account = await addMember(t, school, 'student');
    const id = await addStudent(head);
    await steady(2);
    await head.post(`/students/${id}/invite/`, { email: account.email });
    await steady(1);
    // Gone from the roster: the account, which is still open, has the seat.
    await head.patch(`/students/${id}/`, { status: 'left' });
    await steady(1);
    await head.patch(`/students/${id}/`, { status: 'enrolled' });
    await steady(1);
    const other = await addStudent(head);
    await steady(2);
    await expectRefusal(t, () => head.delete(`/students/${id}/account/`), { code: 'seats_exhausted' });
    await head.patch(`/members/${account.id}/`, { role: 'parent' });
    await steady(2);
    await expectRefusal(t, () => head.patch(`/members/${account.id}/`, { role: 'student' }), {
      code: 'seats_exhausted',
    });
    await head.delete(`/students/${other}/`);
    await steady(1);
    await head.patch(`/members/${account.id}/`, { role: 'student' });
    await head.post(`/students/${id}/invite/`, { email: account.email });
    await steady(1);
    await head.delete(`/members/${account.id}/`);
    await steady(1);
    await head.delete(`/students/${id}/`);
    await steady(0);
  });

  it('tells the school and the trail at 80, 95 and 100 %, once each', async () => {
    const { school, head } = await schoolWith(20);
    const { email } = await addMember(t, school, 'admin');
    const levels = async () =>
      (
        await t.sql<{ level: number }>(
          `SELECT (after->>'level')::int AS level FROM audit.log WHERE tenant_id = $1 AND action = 'seats.level' ORDER BY seq`,
          [school.id],
        )
      ).map(({ level }) => level);
    for (let at = 0; at < 15; at += 1) await addStudent(head);
    expect(await levels()).toEqual([]);
    await addStudent(head);
    await addStudent(head);
    expect(await levels()).toEqual([80]);
    for (let at = 0; at < 3; at += 1) await addStudent(head);
    expect(await levels()).toEqual([80, 95, 100]);
    const mails = await t.sql(
      `SELECT 1 FROM public.mails WHERE kind = 'quotas.seats_level' AND recipient = $1`,
      [email],
    );
    expect(mails).toHaveLength(3);
  });
});
