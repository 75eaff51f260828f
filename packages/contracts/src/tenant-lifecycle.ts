import { Type } from 'typebox';
import { defineRoute } from './define-route.ts';
import { Email, Id, Nullable } from './fields.ts';
import { FirstAdmin, ProvisionedTenant, Tenant } from './tenants.ts';

const platform = { zone: 'platform', tag: 'tenants' } as const;

export const provisionTenant = defineRoute({
  ...platform,
  name: 'provisionTenant',
  method: 'POST',
  path: '/tenants/:id/provision/',
  permission: 'tenants:provision',
  summary: 'Build the school’s schema and open it',
  params: Id,
  success: { status: 200, schema: ProvisionedTenant },
  errors: ['already_provisioned', 'illegal_transition', 'job_in_progress', 'provisioning_failed'],
});
export const activateTenant = defineRoute({
  ...platform,
  name: 'activateTenant',
  method: 'POST',
  path: '/tenants/:id/activate/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Reopen a closed school',
  params: Id,
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition', 'not_provisioned'],
});
export const deactivateTenant = defineRoute({
  ...platform,
  name: 'deactivateTenant',
  method: 'POST',
  path: '/tenants/:id/deactivate/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Close a school; visitors see the reason',
  params: Id,
  body: Type.Object(
    { reason: Type.Optional(Nullable(Type.String({ maxLength: 500 }))) },
    { additionalProperties: false },
  ),
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition', 'not_provisioned'],
});
export const restoreTenant = defineRoute({
  ...platform,
  name: 'restoreTenant',
  method: 'POST',
  path: '/tenants/:id/restore/',
  permission: 'tenants:lifecycle',
  etag: true,
  summary: 'Undo an archive',
  params: Id,
  success: { status: 200, schema: Tenant },
  errors: ['illegal_transition'],
});
export const inviteFirstAdmin = defineRoute({
  ...platform,
  name: 'inviteFirstAdmin',
  method: 'POST',
  path: '/tenants/:id/invite_admin/',
  permission: 'tenants:invite',
  summary: 'Make a new administrator’s invitation link; earlier unused ones end',
  params: Id,
  body: Type.Object({ email: Type.Optional(Email) }, { additionalProperties: false }),
  success: { status: 201, schema: FirstAdmin },
  errors: ['not_provisioned'],
});
