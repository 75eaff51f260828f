import { randomUUID } from 'node:crypto';
import { addMember, type School } from './builders.ts';
import { schoolAdmin, type Answer, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';

const created = ({ status, body, text }: Answer): string => {
  if (status !== 201) throw new Error(`It answered ${status}: ${text}`);
  return body.id;
};

/** The current year of a school, made where there is none. */
export async function currentYear(by: Client): Promise<string> {
  const { body } = await by.get('/school-years/', { query: { page_size: 100 } });
  const current = body.results.find((year: { is_current: boolean }) => year.is_current);
  return current?.id ?? addYear(by);
}

export const addYear = async (by: Client, name = randomUUID().slice(0, 12)): Promise<string> =>
  created(await by.post('/school-years/', { name, starts_on: '2026-09-01', ends_on: '2027-08-31' }));

export async function addClass(by: Client, name = randomUUID().slice(0, 12)): Promise<string> {
  await currentYear(by);
  return created(await by.post('/classes/', { name }));
}

export const addStudent = async (by: Client, over: object = {}): Promise<string> =>
  created(
    await by.post('/students/', {
      last_name: 'Exemple',
      first_name: 'Élève',
      birth_date: '2012-03-04',
      ...over,
    }),
  );

export const addGuardian = async (by: Client, over: object = {}): Promise<string> =>
  created(await by.post('/guardians/', { last_name: 'Exemple', first_name: 'Parent', ...over }));

export const addStaff = async (by: Client, over: object = {}): Promise<string> =>
  created(await by.post('/staff/', { last_name: 'Exemple', first_name: 'Agent', job: 'teacher', ...over }));

/** Sends a file to be checked. */
export const sendImport = (by: Client, content: string | Buffer, query = ''): Promise<Answer> =>
  by.send({
    method: 'POST',
    url: `/api/v1/student-imports/${query}`,
    headers: { 'content-type': 'text/csv' },
    payload: content,
  });

async function addImport(by: Client): Promise<string> {
  await currentYear(by);
  return created(await sendImport(by, 'Nom;Prénom;INE\nExemple;Ligne;1'));
}

/** An account of the school that is the record's. */
async function tie(
  t: TestApp,
  school: School,
  by: Client,
  path: string,
  role: 'student' | 'parent' | 'teacher',
) {
  const { email } = await addMember(t, school, role);
  const { body, text } = await by.post(`${path}invite/`, { email });
  if (body?.status !== 'tied') throw new Error(`It answered: ${text}`);
}

const address = (): string => `${randomUUID()}@example.org`;
type Sample = (t: TestApp, school: School, by: Client) => Promise<string | Record<string, string>>;

/** What the routes of the roster name in their paths. */
export const ROSTER_SAMPLES: Record<string, Sample> = {
  '/school-years/': (_t, _school, by) => addYear(by),
  // One that is not the current one already.
  async makeYearCurrent(_t, _school, by) {
    await currentYear(by);
    return addYear(by);
  },
  '/classes/': (_t, _school, by) => addClass(by),
  '/student-imports/': (_t, _school, by) => addImport(by),
  enrolStudent: async (_t, _school, by) => ({ id: await addStudent(by), class: await addClass(by) }),
  async unenrolStudent(_t, _school, by) {
    const place = await addClass(by);
    return { id: await addStudent(by, { class_id: place }), class: place };
  },
  tieGuardian: async (_t, _school, by) => ({ id: await addStudent(by), guardian: await addGuardian(by) }),
  async untieGuardian(_t, _school, by) {
    const [id, guardian] = [await addStudent(by), await addGuardian(by)];
    await by.put(`/students/${id}/guardians/${guardian}/`, { relation: 'mother' });
    return { id, guardian };
  },
  inviteStudent: (_t, _school, by) => addStudent(by, { email: address() }),
  inviteGuardian: (_t, _school, by) => addGuardian(by, { email: address() }),
  inviteStaff: (_t, _school, by) => addStaff(by, { email: address() }),
  async detachStudent(t, school, by) {
    const id = await addStudent(by);
    await tie(t, school, by, `/students/${id}/`, 'student');
    return id;
  },
  async detachGuardian(t, school, by) {
    const id = await addGuardian(by);
    await tie(t, school, by, `/guardians/${id}/`, 'parent');
    return id;
  },
  async detachStaff(t, school, by) {
    const id = await addStaff(by);
    await tie(t, school, by, `/staff/${id}/`, 'teacher');
    return id;
  },
};

/** Requests that need a year of the school. */
export const ROSTER_REQUESTS: Record<
  string,
  (t: TestApp, school: School) => Promise<{ body?: object; upload?: Buffer }>
> = {
  createSchoolYear: async () => ({
    body: { name: '2030-2031', starts_on: '2030-09-01', ends_on: '2031-08-31' },
  }),
  async createClass(t, school) {
    await currentYear(await schoolAdmin(t, school));
    return { body: { name: '6e A' } };
  },
  async checkStudentImport(t, school) {
    await currentYear(await schoolAdmin(t, school));
    return { upload: Buffer.from('Nom;Prénom;INE\nExemple;Ligne;1') };
  },
};
