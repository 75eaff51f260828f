import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateOnly, DateTime, Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import {
  addressField,
  BirthDate,
  Contact,
  contactFields,
  Guardianship,
  PersonName,
  RecordAccount,
  RecordInvitation,
  RecordInvited,
  Relation,
} from './roster-fields.ts';
import { STUDENT_ORDERINGS, STUDENT_STATUSES } from './vocabulary.ts';

const closed = { additionalProperties: false } as const;
const records = { tag: 'student_records', zone: 'tenant', module: 'student_records' } as const;

const base = {
  id: Uuid,
  external_id: Nullable(Type.String({ description: 'INE, or the number of the school’s other software' })),
  last_name: Type.String(),
  first_name: Type.String(),
  birth_date: Nullable(DateOnly),
  status: Type.Enum([...STUDENT_STATUSES], { description: '`enrolled` holds a seat, `left` does not' }),
  left_on: Nullable(DateOnly),
  class: Nullable(Type.Object({ id: Uuid, name: Type.String() }, { description: 'Of the year asked for' })),
};
export const StudentRow = Type.Object({ ...base, has_account: Type.Boolean() });
export type StudentRow = Static<typeof StudentRow>;

export const Student = Type.Object({
  ...base,
  ...Contact,
  address: Nullable(Type.String()),
  account: Nullable(RecordAccount),
  guardians: Type.Array(
    Type.Object({
      id: Uuid,
      last_name: Type.String(),
      first_name: Type.String(),
      ...Contact,
      relation: Relation,
      may_be_written_to: Type.Boolean(),
      may_collect: Type.Boolean(),
      has_account: Type.Boolean(),
      version: Type.Integer({ description: 'Of the guardian, as in their entity tag' }),
    }),
  ),
  enrolments: Type.Array(
    Type.Object({
      school_year: Type.Object({ id: Uuid, name: Type.String(), is_current: Type.Boolean() }),
      class: Type.Object({ id: Uuid, name: Type.String() }),
      since: DateOnly,
    }),
    { description: 'The latest year first' },
  ),
  created_at: DateTime,
  updated_at: DateTime,
});
export type Student = Static<typeof Student>;

const fields = {
  last_name: PersonName,
  first_name: PersonName,
  external_id: Type.Optional(Nullable(Type.String({ minLength: 1, maxLength: 60, format: 'not-blank' }))),
  birth_date: Type.Optional(Nullable(BirthDate)),
  ...contactFields,
  ...addressField,
};
export const StudentCreate = Type.Object(
  {
    ...fields,
    class_id: Type.Optional(Type.String({ format: 'uuid', description: 'The class to enrol in' })),
  },
  closed,
);
export type StudentCreate = Static<typeof StudentCreate>;
export const StudentPatch = Type.Partial(
  Type.Object({ ...fields, status: Type.Enum([...STUDENT_STATUSES]) }),
  { ...closed, minProperties: 1 },
);
export type StudentPatch = Static<typeof StudentPatch>;

const filters = {
  search: Type.Optional(
    Type.String({ maxLength: 100, description: 'In names and number; without case and accents' }),
  ),
  school_year: Type.Optional(
    Type.String({ format: 'uuid', description: 'Classes of this year; the current one when not told' }),
  ),
  class: Type.Optional(Type.String({ format: 'uuid' })),
  without_class: Type.Optional(Type.Boolean({ description: 'Only those without a class in the year' })),
  status: Type.Optional(Type.Enum([...STUDENT_STATUSES])),
};
export const StudentQuery = Type.Object(
  {
    ...PageQuery,
    ...filters,
    ordering: Type.Optional(
      Type.String({
        maxLength: 40,
        description: `One of ${STUDENT_ORDERINGS.join(', ')}; a leading - reverses`,
      }),
    ),
  },
  closed,
);
export type StudentQuery = Static<typeof StudentQuery>;
export const StudentFilters = Type.Object(filters, closed);
export type StudentFilters = Static<typeof StudentFilters>;

export const Seats = Type.Object({
  used: Type.Integer({ description: 'Enrolled students, and students with an account alone; each once' }),
  limit: Type.Integer(),
});
export type Seats = Static<typeof Seats>;

export const listStudents = defineRoute({
  ...records,
  name: 'listStudents',
  method: 'GET',
  path: '/students/',
  permission: 'records:read',
  summary:
    'Students: all for administrators and staff, those of their classes for teachers, their children for parents, themselves for students',
  query: StudentQuery,
  success: { status: 200, schema: Page(StudentRow) },
});
export const createStudent = defineRoute({
  ...records,
  name: 'createStudent',
  method: 'POST',
  path: '/students/',
  permission: 'records:write',
  summary: 'Enter a student, who takes a seat',
  body: StudentCreate,
  success: { status: 201, schema: Student },
  errors: ['seats_exhausted', 'student_known'],
});
export const getSeats = defineRoute({
  ...records,
  name: 'getSeats',
  method: 'GET',
  path: '/student-seats/',
  permission: 'records:write',
  summary: 'Student seats: taken, and there are',
  success: { status: 200, schema: Seats },
});
export const exportStudents = defineRoute({
  ...records,
  name: 'exportStudents',
  method: 'GET',
  path: '/student-export/',
  permission: 'records:write',
  summary: 'The students of a filter as CSV, in the columns that the import takes',
  query: StudentFilters,
  success: { status: 200, schema: Type.String(), file: 'text/csv' },
});
export const getStudent = defineRoute({
  ...records,
  name: 'getStudent',
  method: 'GET',
  path: '/students/:id/',
  permission: 'records:read',
  etag: true,
  summary: 'A student, with those who answer for them and their classes',
  params: Id,
  success: { status: 200, schema: Student },
});
export const updateStudent = defineRoute({
  ...records,
  name: 'updateStudent',
  method: 'PATCH',
  path: '/students/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Change a student; one who left gives their seat back',
  params: Id,
  body: StudentPatch,
  success: { status: 200, schema: Student },
  errors: ['seats_exhausted', 'student_known'],
});
export const deleteStudent = defineRoute({
  ...records,
  name: 'deleteStudent',
  method: 'DELETE',
  path: '/students/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Erase a student’s record, with their classes and ties',
  params: Id,
  success: { status: 204 },
});
const EnrolmentPath = Type.Object({ id: Uuid, class: Uuid }, closed);
export const enrolStudent = defineRoute({
  ...records,
  name: 'enrolStudent',
  method: 'PUT',
  path: '/students/:id/classes/:class/',
  permission: 'records:write',
  summary: 'Put a student into a class, instead of the one they have in its year',
  params: EnrolmentPath,
  success: { status: 200, schema: Student },
});
export const unenrolStudent = defineRoute({
  ...records,
  name: 'unenrolStudent',
  method: 'DELETE',
  path: '/students/:id/classes/:class/',
  permission: 'records:write',
  summary: 'Take a student out of a class',
  params: EnrolmentPath,
  success: { status: 204 },
});
const TiePath = Type.Object({ id: Uuid, guardian: Uuid }, closed);
export const tieGuardian = defineRoute({
  ...records,
  name: 'tieGuardian',
  method: 'PUT',
  path: '/students/:id/guardians/:guardian/',
  permission: 'records:write',
  summary: 'What a guardian is to a student, and may do',
  params: TiePath,
  body: Guardianship,
  success: { status: 200, schema: Student },
});
export const untieGuardian = defineRoute({
  ...records,
  name: 'untieGuardian',
  method: 'DELETE',
  path: '/students/:id/guardians/:guardian/',
  permission: 'records:write',
  summary: 'A guardian answers for a student no more',
  params: TiePath,
  success: { status: 204 },
});
export const inviteStudent = defineRoute({
  ...records,
  name: 'inviteStudent',
  method: 'POST',
  path: '/students/:id/invite/',
  permission: 'members:invite',
  summary: 'Invite a student: their account is that of the record',
  params: Id,
  body: RecordInvitation,
  success: { status: 200, schema: RecordInvited },
  errors: ['record_tied', 'account_tied', 'already_member', 'invitations_closed', 'student_left'],
});
export const detachStudent = defineRoute({
  ...records,
  name: 'detachStudent',
  method: 'DELETE',
  path: '/students/:id/account/',
  permission: 'members:manage',
  summary: 'The account is the record’s no more; it then takes a seat of its own',
  params: Id,
  success: { status: 204 },
  errors: ['seats_exhausted'],
});
