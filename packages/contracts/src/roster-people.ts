import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';
import {
  addressField,
  Contact,
  contactFields,
  PersonName,
  RecordAccount,
  RecordInvitation,
  RecordInvited,
  Relation,
} from './roster-fields.ts';
import { STAFF_JOBS } from './vocabulary.ts';

/** Guardians and staff of the roster. */

const closed = { additionalProperties: false } as const;
const records = { tag: 'student_records', zone: 'tenant', module: 'student_records' } as const;
const search = Type.Optional(Type.String({ maxLength: 100, description: 'Without case and accents' }));
const names = { last_name: PersonName, first_name: PersonName };
const shown = {
  id: Uuid,
  last_name: Type.String(),
  first_name: Type.String(),
  ...Contact,
  account: Nullable(RecordAccount),
};

export const Guardian = Type.Object({
  ...shown,
  address: Nullable(Type.String()),
  children: Type.Array(
    Type.Object({
      id: Uuid,
      last_name: Type.String(),
      first_name: Type.String(),
      relation: Relation,
    }),
  ),
});
export type Guardian = Static<typeof Guardian>;
const guardianFields = { ...names, ...contactFields, ...addressField };
export const GuardianCreate = Type.Object(guardianFields, closed);
export type GuardianCreate = Static<typeof GuardianCreate>;
export const GuardianPatch = Type.Partial(GuardianCreate, { ...closed, minProperties: 1 });
export type GuardianPatch = Static<typeof GuardianPatch>;
export const GuardianQuery = Type.Object({ ...PageQuery, search }, closed);
export type GuardianQuery = Static<typeof GuardianQuery>;

export const StaffRecord = Type.Object({
  ...shown,
  job: Type.Enum([...STAFF_JOBS]),
  subject: Type.String({ description: 'What they teach, or what they see to' }),
  classes: Type.Array(Type.Object({ id: Uuid, name: Type.String(), is_main: Type.Boolean() }), {
    description: 'Of the current year',
  }),
});
export type StaffRecord = Static<typeof StaffRecord>;
const staffFields = {
  ...names,
  ...contactFields,
  job: Type.Enum([...STAFF_JOBS]),
  subject: Type.Optional(Type.String({ maxLength: 100 })),
};
export const StaffCreate = Type.Object(staffFields, closed);
export type StaffCreate = Static<typeof StaffCreate>;
export const StaffPatch = Type.Partial(StaffCreate, { ...closed, minProperties: 1 });
export type StaffPatch = Static<typeof StaffPatch>;
export const StaffQuery = Type.Object(
  { ...PageQuery, search, job: Type.Optional(Type.Enum([...STAFF_JOBS])) },
  closed,
);
export type StaffQuery = Static<typeof StaffQuery>;

export const listGuardians = defineRoute({
  ...records,
  name: 'listGuardians',
  method: 'GET',
  path: '/guardians/',
  permission: 'records:write',
  summary: 'Those who answer for students',
  query: GuardianQuery,
  success: { status: 200, schema: Page(Guardian) },
});
export const createGuardian = defineRoute({
  ...records,
  name: 'createGuardian',
  method: 'POST',
  path: '/guardians/',
  permission: 'records:write',
  summary: 'Enter a guardian',
  body: GuardianCreate,
  success: { status: 201, schema: Guardian },
});
export const getGuardian = defineRoute({
  ...records,
  name: 'getGuardian',
  method: 'GET',
  path: '/guardians/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'A guardian, with their children here',
  params: Id,
  success: { status: 200, schema: Guardian },
});
export const updateGuardian = defineRoute({
  ...records,
  name: 'updateGuardian',
  method: 'PATCH',
  path: '/guardians/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Change a guardian',
  params: Id,
  body: GuardianPatch,
  success: { status: 200, schema: Guardian },
});
export const deleteGuardian = defineRoute({
  ...records,
  name: 'deleteGuardian',
  method: 'DELETE',
  path: '/guardians/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Erase a guardian’s record and ties',
  params: Id,
  success: { status: 204 },
});
export const inviteGuardian = defineRoute({
  ...records,
  name: 'inviteGuardian',
  method: 'POST',
  path: '/guardians/:id/invite/',
  permission: 'members:invite',
  summary: 'Invite a guardian: their account is that of the record',
  params: Id,
  body: RecordInvitation,
  success: { status: 200, schema: RecordInvited },
  errors: ['record_tied', 'account_tied', 'already_member', 'invitations_closed'],
});
export const detachGuardian = defineRoute({
  ...records,
  name: 'detachGuardian',
  method: 'DELETE',
  path: '/guardians/:id/account/',
  permission: 'members:manage',
  summary: 'The account is the record’s no more',
  params: Id,
  success: { status: 204 },
});

export const listStaff = defineRoute({
  ...records,
  name: 'listStaff',
  method: 'GET',
  path: '/staff/',
  permission: 'records:write',
  summary: 'Staff of the school',
  query: StaffQuery,
  success: { status: 200, schema: Page(StaffRecord) },
});
export const createStaff = defineRoute({
  ...records,
  name: 'createStaff',
  method: 'POST',
  path: '/staff/',
  permission: 'records:write',
  summary: 'Enter somebody of the staff',
  body: StaffCreate,
  success: { status: 201, schema: StaffRecord },
});
export const getStaff = defineRoute({
  ...records,
  name: 'getStaff',
  method: 'GET',
  path: '/staff/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Somebody of the staff, with their classes of the year',
  params: Id,
  success: { status: 200, schema: StaffRecord },
});
export const updateStaff = defineRoute({
  ...records,
  name: 'updateStaff',
  method: 'PATCH',
  path: '/staff/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Change somebody of the staff',
  params: Id,
  body: StaffPatch,
  success: { status: 200, schema: StaffRecord },
});
export const deleteStaff = defineRoute({
  ...records,
  name: 'deleteStaff',
  method: 'DELETE',
  path: '/staff/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Erase a record of the staff',
  params: Id,
  success: { status: 204 },
});
export const inviteStaff = defineRoute({
  ...records,
  name: 'inviteStaff',
  method: 'POST',
  path: '/staff/:id/invite/',
  permission: 'members:invite',
  summary: 'Invite somebody of the staff: their account is that of the record',
  params: Id,
  body: RecordInvitation,
  success: { status: 200, schema: RecordInvited },
  errors: ['record_tied', 'account_tied', 'already_member', 'invitations_closed'],
});
export const detachStaff = defineRoute({
  ...records,
  name: 'detachStaff',
  method: 'DELETE',
  path: '/staff/:id/account/',
  permission: 'members:manage',
  summary: 'The account is the record’s no more',
  params: Id,
  success: { status: 204 },
});
