import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Id, Nullable, Page, PageQuery, Uuid } from './fields.ts';

const closed = { additionalProperties: false } as const;
const records = { tag: 'student_records', zone: 'tenant', module: 'student_records' } as const;

export const SchoolClass = Type.Object({
  id: Uuid,
  name: Type.String(),
  level: Type.String({ description: 'Sixième, Seconde, CE1…; empty when not told' }),
  school_year: Type.Object({ id: Uuid, name: Type.String(), is_current: Type.Boolean() }),
  group_id: Nullable(Uuid),
  student_count: Type.Integer(),
  teachers: Type.Array(
    Type.Object({
      id: Uuid,
      first_name: Type.String(),
      last_name: Type.String(),
      subject: Type.String(),
      is_main: Type.Boolean(),
    }),
  ),
});
export type SchoolClass = Static<typeof SchoolClass>;

const fields = {
  name: Type.String({ minLength: 1, maxLength: 60, format: 'not-blank' }),
  level: Type.Optional(Type.String({ maxLength: 60 })),
};
export const ClassCreate = Type.Object(
  {
    ...fields,
    school_year_id: Type.Optional(
      Type.String({ format: 'uuid', description: 'The current year when not told' }),
    ),
  },
  closed,
);
export type ClassCreate = Static<typeof ClassCreate>;
export const ClassPatch = Type.Partial(Type.Object(fields), { ...closed, minProperties: 1 });
export type ClassPatch = Static<typeof ClassPatch>;

export const ClassTeachers = Type.Object(
  {
    teachers: Type.Array(
      Type.Object(
        { staff_id: Type.String({ format: 'uuid' }), is_main: Type.Optional(Type.Boolean()) },
        closed,
      ),
      { maxItems: 60 },
    ),
  },
  closed,
);
export type ClassTeachers = Static<typeof ClassTeachers>;

export const ClassQuery = Type.Object(
  {
    ...PageQuery,
    search: Type.Optional(Type.String({ maxLength: 100 })),
    school_year: Type.Optional(
      Type.String({ format: 'uuid', description: 'The current year when not told' }),
    ),
  },
  closed,
);
export type ClassQuery = Static<typeof ClassQuery>;

export const listClasses = defineRoute({
  ...records,
  name: 'listClasses',
  method: 'GET',
  path: '/classes/',
  permission: 'records:read',
  summary: 'Classes of a year: all for the staff, theirs for teachers, students and parents',
  query: ClassQuery,
  success: { status: 200, schema: Page(SchoolClass) },
});
export const createClass = defineRoute({
  ...records,
  name: 'createClass',
  method: 'POST',
  path: '/classes/',
  permission: 'records:write',
  summary: 'Make a class',
  body: ClassCreate,
  success: { status: 201, schema: SchoolClass },
  errors: ['no_current_year'],
});
export const getClass = defineRoute({
  ...records,
  name: 'getClass',
  method: 'GET',
  path: '/classes/:id/',
  permission: 'records:read',
  etag: true,
  summary: 'One class',
  params: Id,
  success: { status: 200, schema: SchoolClass },
});
export const updateClass = defineRoute({
  ...records,
  name: 'updateClass',
  method: 'PATCH',
  path: '/classes/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Change a class',
  params: Id,
  body: ClassPatch,
  success: { status: 200, schema: SchoolClass },
});
export const deleteClass = defineRoute({
  ...records,
  name: 'deleteClass',
  method: 'DELETE',
  path: '/classes/:id/',
  permission: 'records:write',
  etag: true,
  summary: 'Delete a class without students',
  params: Id,
  success: { status: 204 },
  errors: ['still_in_use'],
});
export const setClassTeachers = defineRoute({
  ...records,
  name: 'setClassTeachers',
  method: 'PUT',
  path: '/classes/:id/teachers/',
  permission: 'records:write',
  summary: 'Who teaches the class',
  params: Id,
  body: ClassTeachers,
  success: { status: 200, schema: SchoolClass },
});
