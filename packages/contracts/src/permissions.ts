import type { Role } from './vocabulary.ts';

interface PermissionEntry {
  /** Roles that hold it. Empty: nobody but by other means (a key's scope). */
  roles: readonly Role[];
  /** Whether a platform API key may carry it as a scope. */
  scope: boolean;
  /** Whether an API key of a school may carry it. */
  schoolScope?: true;
  /** Not for somebody of the platform whom the school let in: it would outlast the leave, or widen it. */
  ownOnly?: true;
  /** Another permission that a key may carry instead: who may do the one can do the other anyway. */
  impliedBy?: string;
}

const SCHOOL: readonly Role[] = ['admin', 'teacher', 'student', 'parent', 'staff'];
const platform = (): PermissionEntry => ({ roles: ['superadmin'], scope: true });

/** Every permission a route can ask for: one table for guards, API keys, screens and documentation. */
export const PERMISSIONS = {
  'tenants:read': platform(),
  'tenants:create': platform(),
  'tenants:update': platform(),
  // Creates and updates, and builds spaces where asked.
  'tenants:import': platform(),
  // Creating with `provision_now` builds a space already.
  'tenants:provision': { ...platform(), impliedBy: 'tenants:create' },
  // Its holder can become an administrator of any school.
  'tenants:invite': platform(),
  // Names of children: a person's to read, with a trace.
  'tenants:members': { roles: ['superadmin'], scope: false },
  'tenants:lifecycle': platform(),
  'tenants:purge': platform(),
  'backups:read': platform(),
  'backups:make': platform(),
  // All that a school holds goes out, or comes in: a person's act.
  'backups:restore': { roles: ['superadmin'], scope: false },
  'domains:manage': platform(),
  // Answering for the ownership of a domain is a person's act: a key has to go through the DNS record.
  'domains:vouch': { roles: ['superadmin'], scope: false },
  'fleet:read': platform(),
  'fleet:migrate': platform(),
  'jobs:read': platform(),
  'jobs:cancel': platform(),
  // How it is set up is a help to whoever would break in.
  'installation:read': { roles: ['superadmin'], scope: false },
  'audit:read': platform(),
  // Mail that was kept holds ways into accounts: a person's to read, with a trace.
  'mails:read': { roles: ['superadmin'], scope: false },
  // Names and addresses of people who ask for a school.
  'signups:read': { roles: ['superadmin'], scope: false },
  'signups:decide': { roles: ['superadmin'], scope: false },
  'support:ask': { roles: ['superadmin'], scope: false },
  'keys:manage': { roles: ['superadmin'], scope: false },
  // Also has the addresses and mistakes of colleagues.
  'school:audit': { roles: ['admin'], scope: false, schoolScope: true },
  // A key that makes keys would outlive its own end.
  'school:keys': { roles: ['admin'], scope: false, ownOnly: true },
  'school:support': { roles: ['admin'], scope: false, ownOnly: true },
  // All that the school holds goes out at once.
  'school:export': { roles: ['admin'], scope: false, ownOnly: true },
  'school:read': { roles: SCHOOL, scope: false, schoolScope: true },
  'school:brand': { roles: ['admin'], scope: false, schoolScope: true },
  // How long sessions last and passwords are: a person's to choose.
  'school:settings': { roles: ['admin'], scope: false },
  'members:read': { roles: ['admin'], scope: false, schoolScope: true },
  'members:manage': { roles: ['admin'], scope: false, ownOnly: true },
  'members:invite': { roles: ['admin'], scope: false, ownOnly: true },
  'school:sign_in': { roles: ['admin'], scope: false, ownOnly: true },
  'groups:read': { roles: SCHOOL, scope: false, schoolScope: true },
  // Who is in the same class is not for every pupil and parent to list.
  'groups:members': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  'groups:manage': { roles: ['admin'], scope: false, schoolScope: true },
  'public_groups:read': { roles: ['superadmin', ...SCHOOL], scope: true, schoolScope: true },
  'public_groups:manage': platform(),
  // Names of members of schools: a person's to read, with a trace.
  'public_groups:members': { roles: ['superadmin'], scope: false },
  // As oneself: a key is nobody, and who is let into a school is not of it.
  'public_groups:join': { roles: SCHOOL, scope: false, ownOnly: true },
  'notifications:own': { roles: SCHOOL, scope: false },
  // As oneself, and of the school: neither a key nor who helps reads what people say to each other.
  'messaging:use': { roles: SCHOOL, scope: false, ownOnly: true },
  'messaging:moderate': { roles: ['admin'], scope: false, ownOnly: true },
  'realtime:connect': { roles: SCHOOL, scope: false, schoolScope: true },
  // Whether a child is at a screen is for the staff to know.
  'presence:read': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  'announcements:read': { roles: SCHOOL, scope: false, schoolScope: true },
  'announcements:write': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  'network:manage': { roles: ['admin'], scope: false, schoolScope: true },
  'events:read': { roles: SCHOOL, scope: false, schoolScope: true },
  'events:write': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  // Approves what others write, where the school wants it, and decides whether it does.
  'announcements:moderate': { roles: ['admin'], scope: false, schoolScope: true },
  // A file whose id one has been given, in an announcement say. What there is, is for the staff to see.
  'media:read': { roles: SCHOOL, scope: false, schoolScope: true },
  'media:browse': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  'media:write': { roles: ['admin', 'teacher', 'staff'], scope: false, schoolScope: true },
  // Whom: all, those one teaches, one's children, or oneself, by what one is.
  'records:read': { roles: SCHOOL, scope: false, schoolScope: true },
  'records:write': { roles: ['admin', 'staff'], scope: false, schoolScope: true },
} as const satisfies Record<string, PermissionEntry>;

export type Permission = keyof typeof PERMISSIONS;

/** What a route declares: a permission of the table, any logged-in person, or nobody in particular. */
export type RoutePermission = Permission | 'authenticated' | 'anyone';

/** Permissions that a platform API key can carry. */
export const KEY_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (name) => PERMISSIONS[name].scope,
);

/** Permissions that an API key of a school can carry. */
export const SCHOOL_KEY_SCOPES = (Object.keys(PERMISSIONS) as Permission[]).filter(
  (name) => (PERMISSIONS[name] as PermissionEntry).schoolScope === true,
);

/** Whether a platform key with these scopes holds a permission. */
export function scopesAllow(scopes: readonly string[], permission: Permission): boolean {
  const { impliedBy, scope }: PermissionEntry = PERMISSIONS[permission];
  if (!scope) return false;
  return scopes.includes(permission) || (impliedBy !== undefined && scopes.includes(impliedBy));
}

/** Whether a key of a school with these scopes holds a permission. */
export function schoolScopesAllow(scopes: readonly string[], permission: Permission): boolean {
  return (PERMISSIONS[permission] as PermissionEntry).schoolScope === true && scopes.includes(permission);
}

/** Whether somebody of the platform may do it in a school that let them in, where an administrator may. */
export function supportMay(permission: Permission): boolean {
  return (PERMISSIONS[permission] as PermissionEntry).ownOnly !== true;
}

/** Whether a role holds a permission. */
export function roleMay(role: Role, permission: Permission): boolean {
  return (PERMISSIONS[permission].roles as readonly Role[]).includes(role);
}
