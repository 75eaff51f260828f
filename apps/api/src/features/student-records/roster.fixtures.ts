import { GuardianCreate, StaffCreate } from '@preau/contracts/roster-people';
import { Guardianship } from '@preau/contracts/roster-fields';
import { SchoolYearCreate } from '@preau/contracts/school-years';
import { StudentCreate } from '@preau/contracts/students';
import { Type, type Static } from 'typebox';
import { fieldError } from '../../platform/app-error.ts';
import { defineFixtures, type FixtureCount, type FixtureScope } from '../fixtures/index.ts';
import { enterClass, putTeachers } from './class.service.ts';
import { classesOfRecords, keepClassGroups } from './class-groups.ts';
import { nameKey } from './import-line.ts';
import { enterGuardian, enterStaff } from './person.service.ts';
import {
  Enrolment,
  Guardian,
  GuardianshipRow,
  SchoolClass,
  SchoolYear,
  StaffRecord,
  Student,
} from './roster.model.ts';
import { peopleOf, type RecordKind } from './seats.repository.ts';
import { enterStudent, putGuardian, putInClass } from './student.service.ts';
import { enterYear } from './year.service.ts';

const closed = { additionalProperties: false } as const;
const account = {
  account: Type.Optional(
    Type.String({ maxLength: 254, description: 'Address of a member of the school, whose record it is' }),
  ),
};
const { class_id: _class, ...studentFields } = StudentCreate.properties;

const RosterData = Type.Object(
  {
    school_year: Type.Object(
      {
        name: SchoolYearCreate.properties.name,
        starts_on: SchoolYearCreate.properties.starts_on,
        ends_on: SchoolYearCreate.properties.ends_on,
      },
      closed,
    ),
    staff: Type.Optional(Type.Array(Type.Object({ ...StaffCreate.properties, ...account }, closed))),
    classes: Type.Optional(
      Type.Array(
        Type.Object(
          {
            name: Type.String({ minLength: 1, maxLength: 60 }),
            level: Type.Optional(Type.String({ maxLength: 60 })),
            teachers: Type.Optional(
              Type.Array(Type.String({ description: 'First and last name of somebody of the staff' })),
            ),
          },
          closed,
        ),
      ),
    ),
    students: Type.Optional(
      Type.Array(
        Type.Object(
          {
            ...studentFields,
            ...account,
            class: Type.Optional(Type.String({ description: 'Name of a class of the year' })),
            guardians: Type.Optional(
              Type.Array(
                Type.Object({ ...GuardianCreate.properties, ...Guardianship.properties, ...account }, closed),
              ),
            ),
          },
          closed,
        ),
      ),
    ),
  },
  closed,
);
type RosterData = Static<typeof RosterData>;
type StudentData = NonNullable<RosterData['students']>[number];
type GuardianData = NonNullable<StudentData['guardians']>[number];

/** Loads a roster: everything is known by its names, so that it is entered once. */
async function load(scope: FixtureScope, data: RosterData): Promise<FixtureCount> {
  const { trx, origin, services } = scope;
  const count = { created: 0, unchanged: 0 };
  const note = (isNew: boolean): void => void (count[isNew ? 'created' : 'unchanged'] += 1);

  async function tie(kind: RecordKind, id: string, email: string | undefined): Promise<void> {
    if (!email || (await peopleOf(trx, [id])).size > 0) return;
    const isTied = await services.recordAccounts.tieByEmail(scope, origin, kind, id, email);
    if (!isTied) throw fieldError('account', 'unknown_reference', { value: email });
  }

  const known = await SchoolYear.query(trx)
    .whereRaw('lower(name) = lower(?)', [data.school_year.name])
    .first();
  const yearId = known?.id ?? (await enterYear(scope, origin, data.school_year));
  note(!known);

  const staff = new Map(
    (await StaffRecord.query(trx)).map((one) => [nameKey(one.last_name, one.first_name), one.id]),
  );
  for (const { account: email, ...fields } of data.staff ?? []) {
    const key = nameKey(fields.last_name, fields.first_name);
    const there = staff.get(key);
    const id = there ?? (await enterStaff(trx, origin, fields));
    staff.set(key, id);
    note(there === undefined);
    await tie('staff', id, email);
  }
  const staffByName = new Map(
    (await StaffRecord.query(trx)).map((one) => [nameKey(one.first_name, one.last_name), one.id]),
  );

  const classes = new Map(
    (await SchoolClass.query(trx).where({ school_year_id: yearId })).map((one) => [
      one.name.toLowerCase(),
      one,
    ]),
  );
  for (const { name, level, teachers } of data.classes ?? []) {
    if (classes.has(name.toLowerCase())) {
      note(false);
      continue;
    }
    const id = await enterClass(scope, origin, {
      name,
      ...(level === undefined ? {} : { level }),
      school_year_id: yearId,
    });
    const entered = await SchoolClass.query(trx).findById(id);
    if (entered) classes.set(name.toLowerCase(), entered);
    note(true);
    if (teachers)
      await putTeachers(scope, origin, id, {
        teachers: teachers.map((teacher, at) => {
          const [first = '', ...last] = teacher.split(' ');
          const staffId = staffByName.get(nameKey(first, last.join(' ')));
          if (staffId === undefined) throw fieldError('teachers', 'unknown_reference', { value: teacher });
          return { staff_id: staffId, is_main: at === 0 };
        }),
      });
  }

  async function enterGuardianOf(studentId: string, guardian: GuardianData): Promise<void> {
    const {
      account: email,
      relation,
      may_be_written_to: written,
      may_collect: collect,
      ...fields
    } = guardian;
    const key = nameKey(fields.last_name, fields.first_name);
    const alike = (await Guardian.query(trx).where({ last_name: fields.last_name })).filter(
      (one) => nameKey(one.last_name, one.first_name) === key && one.email === (fields.email ?? null),
    );
    const id = alike[0]?.id ?? (await enterGuardian(trx, origin, fields));
    note(alike.length === 0);
    if (!(await GuardianshipRow.query(trx).findById([studentId, id])))
      await putGuardian(scope, origin, studentId, id, {
        relation,
        ...(written === undefined ? {} : { may_be_written_to: written }),
        ...(collect === undefined ? {} : { may_collect: collect }),
      });
    await tie('guardian', id, email);
  }

  async function findStudent(fields: Omit<StudentData, 'account' | 'class' | 'guardians'>) {
    if (fields.external_id) return Student.query(trx).findOne({ external_id: fields.external_id });
    const alike = await Student.query(trx).where({ birth_date: fields.birth_date ?? null });
    return alike.find(
      (one) => nameKey(one.last_name, one.first_name) === nameKey(fields.last_name, fields.first_name),
    );
  }

  const touched: string[] = [];
  for (const { account: email, class: place, guardians = [], ...fields } of data.students ?? []) {
    const there = await findStudent(fields);
    const id = there?.id ?? (await enterStudent(scope, origin, fields));
    note(!there);
    const schoolClass = place === undefined ? undefined : classes.get(place.toLowerCase());
    if (place !== undefined && !schoolClass) throw fieldError('class', 'class_unknown', { name: place });
    if (schoolClass && !(await Enrolment.query(trx).findById([id, yearId]))) {
      await putInClass(trx, id, schoolClass);
      touched.push(id);
    }
    for (const guardian of guardians) await enterGuardianOf(id, guardian);
    await tie('student', id, email);
  }
  await keepClassGroups(scope, await classesOfRecords(scope, touched));
  return count;
}

/** The roster of a file of data: a year, its classes, and the people. */
export const rosterFixtures = defineFixtures({ key: 'student_records', schema: RosterData, load });
