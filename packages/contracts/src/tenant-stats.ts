import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';
import { DateTime, Id, Nullable, Uuid } from './fields.ts';

export const TenantStats = Type.Object({
  tenant_id: Uuid,
  tenant_name: Type.String(),
  domain_url: Type.String(),
  is_active: Type.Boolean(),
  total_users: Type.Integer(),
  student_count: Type.Integer(),
  teacher_count: Type.Integer(),
  parent_count: Type.Integer(),
  admin_count: Type.Integer(),
  storage_used_gb: Type.Number(),
  storage_used_bytes: Type.Integer(),
  storage_reserved_bytes: Type.Integer({ description: 'Promised to uploads that are under way' }),
  storage_warning: Type.Enum([0, 80, 95, 100], {
    description: 'Per cent of the limit that have been passed',
  }),
  storage_limit_gb: Type.Integer(),
  storage_percentage: Type.Number(),
  last_accessed: Nullable(DateTime),
  days_since_last_access: Nullable(Type.Integer()),
  active_modules: Type.Array(Type.String()),
  inactive_modules: Type.Array(Type.String()),
  history: Type.Array(
    Type.Object({
      date: Type.String(),
      students: Type.Integer(),
      storage_bytes: Type.Integer(),
      active_users: Type.Integer(),
    }),
  ),
  tables: Type.Array(Type.Object({ table: Type.String(), rows: Type.Integer(), bytes: Type.Integer() })),
});
export type TenantStats = Static<typeof TenantStats>;

const platform = { zone: 'platform', tag: 'tenants' } as const;

export const tenantStats = defineRoute({
  ...platform,
  name: 'tenantStats',
  method: 'GET',
  path: '/tenants/:id/stats/',
  permission: 'tenants:read',
  summary: 'Figures of a school, at constant cost',
  params: Id,
  success: { status: 200, schema: TenantStats },
});
