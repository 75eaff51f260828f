import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Page, Uuid } from './fields.ts';
import { Me } from './identity.ts';

/** `expired`: was granted, and its hours are over. */
export const SUPPORT_STATUSES = ['asked', 'granted', 'refused', 'ended', 'expired'] as const;
export const MOST_SUPPORT_HOURS = 72;

/** Somebody of the platform who wants to come into a school, or may. */
export const SupportRequest = Type.Object({
  id: Uuid,
  status: Type.Enum([...SUPPORT_STATUSES]),
  reason: Type.String(),
  asked_by: Type.String(),
  asked_at: DateTime,
  decided_by: Nullable(Type.String()),
  decided_at: Nullable(DateTime),
  expires_at: Nullable(DateTime),
  ended_at: Nullable(DateTime),
  ended_by: Nullable(Type.String()),
  mine: Type.Boolean({ description: 'Asked by who reads this' }),
});
export type SupportRequest = Static<typeof SupportRequest>;

/** Who of the platform is let into a school now. */
export const SupportNow = Type.Object({
  active: Type.Array(
    Type.Object({ id: Uuid, by: Type.String(), granted_by: Type.String(), until: DateTime }),
  ),
  mine: Nullable(Type.String({ format: 'uuid', description: 'The one by which this session is here' })),
  asked: Type.Integer({ description: 'Requests that wait for an answer; 0 for who cannot give one' }),
});
export type SupportNow = Static<typeof SupportNow>;

const OfTenant = Type.Object({ id: Uuid, gid: Uuid }, { additionalProperties: false });
const platform = { tag: 'support', zone: 'platform', permission: 'support:ask' } as const;
const school = { tag: 'support', zone: 'tenant', permission: 'school:support' } as const;
const one = { status: 200, schema: SupportRequest } as const;

export const listSupport = defineRoute({
  ...platform,
  name: 'listSupport',
  method: 'GET',
  path: '/tenants/:id/support/',
  summary: 'Requests to come into a school, newest first',
  params: Id,
  success: { status: 200, schema: Page(SupportRequest) },
});
export const askSupport = defineRoute({
  ...platform,
  name: 'askSupport',
  method: 'POST',
  path: '/tenants/:id/support/',
  summary: 'Ask a school to be let in, with the reason',
  params: Id,
  body: Type.Object(
    { reason: Type.String({ minLength: 1, maxLength: 500, format: 'not-blank' }) },
    { additionalProperties: false },
  ),
  success: { status: 201, schema: SupportRequest },
  errors: ['support_open', 'not_provisioned'],
});
export const enterBySupport = defineRoute({
  ...platform,
  name: 'enterBySupport',
  method: 'POST',
  path: '/tenants/:id/support/:gid/enter/',
  summary: 'A link into the school for who was let in; it works once, for a minute',
  params: OfTenant,
  success: {
    status: 200,
    schema: Type.Object({ url: Type.String(), token: Type.String(), expires_at: DateTime }),
  },
  errors: ['support_not_granted'],
});
export const endSupport = defineRoute({
  ...platform,
  name: 'endSupport',
  method: 'POST',
  path: '/tenants/:id/support/:gid/end/',
  summary: 'Take a request back, or leave the school, at once',
  params: OfTenant,
  success: one,
  errors: ['support_not_granted'],
});

export const listOwnSupport = defineRoute({
  ...school,
  name: 'listOwnSupport',
  method: 'GET',
  path: '/support/',
  summary: 'Requests of the platform to come into this school, newest first',
  success: { status: 200, schema: Page(SupportRequest) },
});
export const grantSupport = defineRoute({
  ...school,
  name: 'grantSupport',
  method: 'POST',
  path: '/support/:id/grant/',
  summary: 'Let somebody of the platform in, for so many hours',
  params: Id,
  body: Type.Object(
    { hours: Type.Integer({ minimum: 1, maximum: MOST_SUPPORT_HOURS }) },
    { additionalProperties: false },
  ),
  success: one,
  errors: ['support_decided'],
});
export const refuseSupport = defineRoute({
  ...school,
  name: 'refuseSupport',
  method: 'POST',
  path: '/support/:id/refuse/',
  summary: 'Do not let somebody in',
  params: Id,
  success: one,
  errors: ['support_decided'],
});
export const endOwnSupport = defineRoute({
  ...school,
  name: 'endOwnSupport',
  method: 'POST',
  path: '/support/:id/end/',
  summary: 'Show somebody of the platform out, at once',
  params: Id,
  success: one,
  errors: ['support_not_granted'],
});
export const supportNow = defineRoute({
  tag: 'support',
  name: 'supportNow',
  method: 'GET',
  path: '/support/now/',
  zone: 'tenant',
  permission: 'authenticated',
  inBackground: true,
  summary: 'Who of the platform is let into this school now: for everybody there',
  success: { status: 200, schema: SupportNow },
});
export const leaveSupport = defineRoute({
  tag: 'support',
  name: 'leaveSupport',
  method: 'POST',
  path: '/support/leave/',
  zone: 'tenant',
  permission: 'authenticated',
  summary: 'End the support by which this session is here',
  success: { status: 204 },
  errors: ['support_not_granted'],
});
export const arriveBySupport = defineRoute({
  tag: 'support',
  name: 'arriveBySupport',
  method: 'POST',
  path: '/support/arrive/',
  zone: 'tenant',
  permission: 'anyone',
  attempts: 'secrets',
  summary: 'Open the session of a link into the school',
  body: Type.Object(
    { token: Type.String({ minLength: 20, maxLength: 100 }) },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Me },
  errors: ['support_not_granted', 'too_many_requests'],
});
