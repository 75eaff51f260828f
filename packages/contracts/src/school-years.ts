import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateOnly, Id, Page, PageQuery, Uuid, Nullable } from './fields.ts';

const closed = { additionalProperties: false } as const;
const records = { tag: 'student_records', zone: 'tenant', module: 'student_records' } as const;

export const SchoolYear = Type.Object({
  id: Uuid,
  name: Type.String({ description: '2026-2027' }),
  starts_on: DateOnly,
  ends_on: DateOnly,
  is_current: Type.Boolean({ description: 'One year is; the others are past or prepared' }),
  class_count: Type.Integer(),
  student_count: Type.Integer(),
});
export type SchoolYear = Static<typeof SchoolYear>;

const fields = {
  name: Type.String({ minLength: 1, maxLength: 40, format: 'not-blank' }),
  starts_on: DateOnly,
  ends_on: DateOnly,
};
export const SchoolYearCreate = Type.Object(
  {
    ...fields,
    copy_classes_from: Type.Optional(
      Type.String({ format: 'uuid', description: 'A year whose classes are made again, without students' }),
    ),
  },
  closed,
);
export type SchoolYearCreate = Static<typeof SchoolYearCreate>;
export const SchoolYearPatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 });
export type SchoolYearPatch = Static<typeof SchoolYearPatch>;

/** Where the students of a class go. */
export const YearPassage = Type.Object(
  {
    moves: Type.Array(
      Type.Object(
        {
          from: Type.String({ format: 'uuid', description: 'A class of another year' }),
          to: Nullable(
            Type.String({ format: 'uuid', description: 'A class of this year; null: they leave' }),
          ),
        },
        closed,
      ),
      { maxItems: 500 },
    ),
  },
  closed,
);
export type YearPassage = Static<typeof YearPassage>;
export const YearPassageResult = Type.Object({
  moved: Type.Integer(),
  left: Type.Integer(),
  kept: Type.Integer({ description: 'Had a class of this year already, and keep it' }),
});
export type YearPassageResult = Static<typeof YearPassageResult>;

export const listSchoolYears = defineRoute({
  ...records,
  name: 'listSchoolYears',
  method: 'GET',
  path: '/school-years/',
  permission: 'records:read',
  summary: 'School years, the latest first',
  query: Type.Object(PageQuery, closed),
  success: { status: 200, schema: Page(SchoolYear) },
});
export const createSchoolYear = defineRoute({
  ...records,
  name: 'createSchoolYear',
  method: 'POST',
  path: '/school-years/',
  permission: 'records:write',
  summary: 'Prepare a school year; the first one is the current one',
  body: SchoolYearCreate,
  success: { status: 201, schema: SchoolYear },
});
export const getSchoolYear = defineRoute({
  ...records,
  name: 'getSchoolYear',
  method: 'GET',
  path: '/school-years/:id/',
  permission: 'records:read',
  etag: true,
  summary: 'One school year',
  params: Id,
  success: { status: 200, schema: SchoolYear },
});
export const updateSchoolYear = defineRoute({
  ...records,
  name: 'updateSchoolYear',
  method: 'PATCH',
  path: '/school-years/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Change a school year',
  params: Id,
  body: SchoolYearPatch,
  success: { status: 200, schema: SchoolYear },
});
export const deleteSchoolYear = defineRoute({
  ...records,
  name: 'deleteSchoolYear',
  method: 'DELETE',
  path: '/school-years/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Delete a school year without classes',
  params: Id,
  success: { status: 204 },
  errors: ['still_in_use'],
});
export const makeYearCurrent = defineRoute({
  ...records,
  name: 'makeYearCurrent',
  method: 'POST',
  path: '/school-years/:id/make_current/',
  permission: 'records:write',
  summary: 'Make it the year of today',
  params: Id,
  success: { status: 200, schema: SchoolYear },
});
export const passToYear = defineRoute({
  ...records,
  name: 'passToYear',
  method: 'POST',
  path: '/school-years/:id/pass/',
  permission: 'records:write',
  summary:
    'Pass to this year: each class’s students go to a class of it, or leave; then it is the current one',
  params: Id,
  body: YearPassage,
  success: { status: 200, schema: YearPassageResult },
});
