import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { RouteContract } from '../../packages/contracts/src/define-route.ts';
import { ERRORS, FIELD_ERRORS } from '../../packages/contracts/src/error-codes.ts';
import { type ModuleDefinition, MODULES } from '../../packages/contracts/src/modules.ts';
import {
  KEY_SCOPES,
  PERMISSIONS,
  roleMay,
  SCHOOL_KEY_SCOPES,
  supportMay,
  type Permission,
} from '../../packages/contracts/src/permissions.ts';
import { ROLES, type Role } from '../../packages/contracts/src/vocabulary.ts';
import { ROOT } from '../stage.ts';
import { code, page, plain, table } from './markdown.ts';

const CONTRACTS = path.join(ROOT, 'packages/contracts/src');

function isRoute(value: unknown): value is RouteContract {
  return (
    typeof value === 'object' && value !== null && 'zone' in value && 'permission' in value && 'path' in value
  );
}

/** Every route that a contract file exports, in the order of the files and of their lines. */
export async function everyRoute(): Promise<RouteContract[]> {
  const files = fs.readdirSync(CONTRACTS).filter((file) => /^[a-z-]+\.ts$/.test(file));
  const routes: RouteContract[] = [];
  for (const file of files.toSorted()) {
    const exported = (await import(pathToFileURL(path.join(CONTRACTS, file)).href)) as Record<
      string,
      unknown
    >;
    const inFile = fs.readFileSync(path.join(CONTRACTS, file), 'utf8');
    // A module namespace is in the order of the alphabet.
    const position = ([name]: [string, unknown]): number => inFile.indexOf(`const ${name} `);
    const entries = Object.entries(exported).toSorted((a, b) => position(a) - position(b));
    for (const [, value] of entries) if (isRoute(value)) routes.push(value);
  }
  return routes;
}

export async function routesPage(): Promise<string> {
  const routes = await everyRoute();
  const parts = [
    'Paths are below `/api/v1`. A trailing slash may be left out. Zones: `platform` answers on the console’s host and on ' +
      'the base, `tenant` on the host of an open school, `public` on any known host. The bodies, the answers and their ' +
      'errors are in the [OpenAPI page](../http-api.md) of a running server.',
  ];
  const byTag = [...Map.groupBy(routes, (route) => route.tag)].toSorted(([a], [b]) => a.localeCompare(b));
  for (const [tag, tagged] of byTag) {
    const rows = tagged
      .toSorted((a, b) => a.path.localeCompare(b.path))
      .map((route) => [
        code(`${route.method} ${route.path}`),
        plain(route.summary),
        route.zone,
        code(route.permission),
        route.module ? code(route.module) : '',
      ]);
    parts.push(`## ${tag}`, table(['route', 'does', 'zone', 'permission', 'module'], rows));
  }
  return page('Routes', '`packages/contracts/src`', ...parts);
}

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { status, title, detail }]) => [
    code(name),
    status,
    plain(title.en),
    plain(detail.en),
    plain(detail.fr),
  ]);
  const fields = Object.entries(FIELD_ERRORS).map(([name, { en, fr }]) => [code(name), plain(en), plain(fr)]);
  return page(
    'Error codes',
    '`packages/contracts/src/error-codes.ts`',
    'Errors are `application/problem+json` ([RFC 9457](https://www.rfc-editor.org/rfc/rfc9457)). `code` is one of this ' +
      'closed list. The sentence is in the language of `Accept-Language`, French unless English is asked for.',
    '## Codes of an answer',
    table(['code', 'status', 'title', 'English', 'French'], rows),
    '## Codes of one field',
    'With `invalid_input`, `errors[]` names each field that is wrong: `path`, `code`, `message`.',
    table(['code', 'English', 'French'], fields),
  );
}

/** Who gets past the guard of a route: `anyone`, who is logged in, or a role of the table. */
const letsThrough = ({ permission }: RouteContract, role: Role | 'visitor'): boolean =>
  permission === 'anyone' ||
  (role !== 'visitor' && (permission === 'authenticated' || roleMay(role, permission)));

/** A person counts only where they are logged in: no role of a school reaches the platform's routes, nor the other way. */
const livesWith = ({ zone }: RouteContract, role: Role | 'visitor'): boolean =>
  role === 'visitor' || zone === 'public' || (zone === 'platform') === (role === 'superadmin');

const isPermission = (name: string): name is Permission => name in PERMISSIONS;
/** Who is let into a school as support may do what its administrators may, and less. */
const supportColumn = (name: RouteContract['permission']): string =>
  name === 'anyone' || name === 'authenticated' || (roleMay('admin', name) && supportMay(name)) ? 'yes' : '';

export async function permissionsPage(): Promise<string> {
  const askers = ['visitor', ...ROLES] as const;
  const routes = (await everyRoute())
    .toSorted((a, b) => a.path.localeCompare(b.path) || a.method.localeCompare(b.method))
    .map((route) => [
      code(`${route.method} ${route.path}`),
      route.zone,
      ...askers.map((role) => (livesWith(route, role) && letsThrough(route, role) ? 'yes' : '')),
      livesWith(route, 'admin') ? supportColumn(route.permission) : '',
      ...[KEY_SCOPES, SCHOOL_KEY_SCOPES].map((scopes) =>
        isPermission(route.permission) && scopes.includes(route.permission) ? code(route.permission) : '',
      ),
    ]);
  const rows = (Object.keys(PERMISSIONS) as Permission[]).map((name) => [
    code(name),
    ...ROLES.map((role) => (roleMay(role, name) ? 'yes' : '')),
    supportColumn(name),
    ...[KEY_SCOPES, SCHOOL_KEY_SCOPES].map((scopes) => (scopes.includes(name) ? 'yes' : '')),
  ]);
  return page(
    'Permissions',
    '`packages/contracts/src/permissions.ts`',
    'A route declares one permission, or `authenticated` (any logged-in person), or `anyone`. `superadmin` is a role of ' +
      'the platform, the others are roles in one school. `support` is somebody of the platform whom the school has let in. ' +
      'The last columns say whether a key of the platform or of a school may carry the permission as a scope.',
    table(['permission', ...ROLES, 'support', 'platform key', 'school key'], rows),
    '## Routes',
    'The same table, route by route: who gets past its guard, at the hosts of its zone. Anybody else is answered ' +
      '401 `not_authenticated` or 403 `permission_denied`; with the session of another host 403 `wrong_host`; at a host of another ' +
      'zone 404 `not_found`. A test asks for each route as each of them at each kind of host.',
    table(['route', 'zone', ...askers, 'support', 'platform key', 'school key'], routes),
  );
}

export function modulesPage(): string {
  const rows = Object.entries<ModuleDefinition>(MODULES).map(([key, module]) => [
    code(key),
    module.name.en,
    module.name.fr,
    module.description.en,
    module.alwaysOn ? 'always' : module.defaultFor.map(code).join(' '),
    module.dependsOn.map(code).join(' '),
  ]);
  return page(
    'Modules',
    '`packages/contracts/src/modules.ts`',
    'A module that is switched off in a school answers 403 `module_disabled` there and leaves the navigation.',
    table(['key', 'English', 'French', 'what it is', 'on in a new school of type', 'needs'], rows),
  );
}
