import {
  KEY_SCOPES,
  PERMISSIONS,
  roleMay,
  SCHOOL_KEY_SCOPES,
  schoolScopesAllow,
  scopesAllow,
  supportMay,
  type Permission,
} from '@preau/contracts/permissions';
import type { RouteContract } from '@preau/contracts/define-route';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { School } from '../support/builders.ts';
import {
  member,
  platformKey,
  schoolKey,
  superadmin,
  supporter,
  visitor,
  type Client,
} from '../support/clients.ts';
import type { TestApp } from '../support/harness.ts';

export const SCHOOL_ROLES: readonly SchoolRole[] = ['admin', 'teacher', 'student', 'parent', 'staff'];

/** Somebody who may ask, with what the table of permissions says of them. */
export interface Actor {
  name: string;
  /**
   * Hosts where what they carry counts: `platform` for the console and the base, a school by its name, `anywhere` for who
   * carries nothing, or carries it to any host.
   */
  home: 'anywhere' | 'platform' | 'school' | 'other school';
  /** Stands for its school at hosts of no school: what lives on the school's host is reached there. */
  carriesSchool?: true;
  /** Logged in, and so known in person. */
  person: boolean;
  /** Whether the table gives them a permission, at home. */
  holds(permission: Permission): boolean;
  /** Their credentials for asking for a route; null when there is nobody of the kind for it. */
  client(permission: RouteContract['permission']): Promise<Client | null>;
}

/** Everybody that each route is tried with. A new kind of actor is one more entry. */
export async function everyActor(t: TestApp, school: School, other: School): Promise<Actor[]> {
  const nobody = visitor(t);
  const root = await superadmin(t);
  const support = await supporter(t, school);
  const keys = new Map<string, Promise<Client>>();
  const keyWith = (scopes: Permission[]): Promise<Client> => {
    const name = scopes.join();
    const key = keys.get(name) ?? platformKey(t, scopes);
    keys.set(name, key);
    return key;
  };
  const ofSchool = (scopes: Permission[]): Promise<Client> => {
    const name = `school ${scopes.join()}`;
    const key = keys.get(name) ?? schoolKey(t, school, scopes);
    keys.set(name, key);
    return key;
  };
  const inPerson = async (role: SchoolRole, home: 'school' | 'other school'): Promise<Actor> => {
    const client = await member(t, home === 'school' ? school : other, role);
    return {
      name: home === 'school' ? role : `${role} of another school`,
      home,
      person: true,
      holds: (permission) => (PERMISSIONS[permission].roles as readonly string[]).includes(role),
      client: async () => client,
    };
  };
  const known = (permission: RouteContract['permission']): permission is Permission =>
    permission !== 'anyone' && permission !== 'authenticated';
  return [
    {
      name: 'visitor',
      home: 'anywhere',
      person: false,
      holds: () => false,
      client: async () => nobody,
    },
    ...(await Promise.all(SCHOOL_ROLES.map((role) => inPerson(role, 'school')))),
    ...(await Promise.all(SCHOOL_ROLES.map((role) => inPerson(role, 'other school')))),
    {
      name: 'super-admin',
      home: 'platform',
      person: true,
      holds: (permission) => (PERMISSIONS[permission].roles as readonly string[]).includes('superadmin'),
      client: async () => root,
    },
    {
      name: 'support by leave',
      home: 'school',
      person: true,
      holds: (permission) => roleMay('admin', permission) && supportMay(permission),
      client: async () => support,
    },
    // One key for each scope of which one is enough; of a permission that no key may carry, a key with all there are.
    ...KEY_SCOPES.map((scope): Actor => ({
      name: `platform key with ${scope}`,
      home: 'anywhere',
      person: false,
      holds: (permission) => scopesAllow([scope], permission),
      client: async (permission) =>
        known(permission) && scopesAllow([scope], permission) ? keyWith([scope]) : null,
    })),
    ...SCHOOL_KEY_SCOPES.map((scope): Actor => ({
      name: `school key with ${scope}`,
      home: 'school',
      carriesSchool: true,
      person: false,
      holds: (permission) => schoolScopesAllow([scope], permission),
      client: async (permission) =>
        known(permission) && schoolScopesAllow([scope], permission) ? ofSchool([scope]) : null,
    })),
    {
      name: 'school key with every other scope',
      home: 'school',
      carriesSchool: true,
      person: false,
      holds: () => false,
      client: async (permission) => ofSchool(SCHOOL_KEY_SCOPES.filter((scope) => scope !== permission)),
    },
    {
      name: 'platform key with every other scope',
      home: 'anywhere',
      person: false,
      holds: () => false,
      client: async (permission) =>
        keyWith(KEY_SCOPES.filter((scope) => !known(permission) || !scopesAllow([scope], permission))),
    },
  ];
}
