import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Nullable } from './fields.ts';

const Count = Type.Integer();

export const SchoolHome = Type.Object({
  storage: Type.Object({ used_bytes: Type.Integer(), limit_bytes: Type.Integer() }),
  seats: Type.Object({ used: Type.Integer(), limit: Type.Integer() }),
  waiting: Type.Object(
    {
      members: Type.Integer({ description: 'People who ask to be admitted' }),
      support: Type.Integer({ description: 'Requests of the platform to be let in' }),
      announcements: Nullable(Count),
      reports: Nullable(Count),
      invitations: Type.Integer({ description: 'Invitations that nobody has accepted yet' }),
    },
    { description: 'What waits for somebody; null where the module is off' },
  ),
  setup: Type.Object(
    {
      colours: Type.Boolean({ description: 'The school has colours or a logo of its own' }),
      people: Type.Boolean({ description: 'Somebody besides the first administrator, or invited' }),
      announcement: Nullable(Type.Boolean({ description: 'One was published' })),
    },
    { description: 'Which first steps are done; null where the module is off' },
  ),
});
export type SchoolHome = Static<typeof SchoolHome>;

export const getSchoolHome = defineRoute({
  zone: 'tenant',
  tag: 'current-tenant',
  name: 'getSchoolHome',
  method: 'GET',
  path: '/current-tenant/home/',
  permission: 'school:settings',
  summary: 'The school at a glance for who looks after it: limits, what waits for somebody, first steps',
  success: { status: 200, schema: SchoolHome },
});
