import { randomUUID } from 'node:crypto';
import type { RouteContract } from '@preau/contracts/define-route';
import { insertPendingMembership } from '../../src/features/identity/index.ts';
import { addMember, addUser, createSchool, type School } from './builders.ts';
import { madeBundle } from './bundle-samples.ts';
import { teacher, type Client } from './clients.ts';
import { ROSTER_SAMPLES } from './roster-samples.ts';
import { uploadFile } from './upload.ts';
import { prepareFile, reportFile, reportSomething, saySomething, sendFile } from './messaging-samples.ts';
import { boundRoutes } from './contracts.ts';
import type { TestApp } from './harness.ts';

interface Schema {
  type?: string | string[];
  enum?: unknown[];
  format?: string;
  minLength?: number;
  minimum?: number;
  minItems?: number;
  items?: Schema;
  required?: string[];
  minProperties?: number;
  properties?: Record<string, Schema>;
}

const TEXTS: Record<string, string> = {
  uuid: '01890000-0000-7000-8000-000000000000',
  'date-time': '2027-01-01T08:00:00+01:00',
  date: '2027-01-01',
  moment: '2027-01-01',
  email: 'somebody@example.org',
  'http-url': 'https://example.org/',
  color: '#123456',
  phone: '0123456789',
};

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><path d="M0 0h9v9H0z"/></svg>';

/** The least value that a schema accepts. */
export function sampleOf(schema: Schema): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  if (schema.enum) return schema.enum[0];
  if (type === 'string') return TEXTS[schema.format ?? ''] ?? 'x'.repeat(schema.minLength ?? 1);
  if (type === 'integer' || type === 'number') return schema.minimum ?? 0;
  if (type === 'boolean') return false;
  if (type === 'array')
    return Array.from({ length: schema.minItems ?? 0 }, () => sampleOf(schema.items ?? {}));
  const properties = Object.entries(schema.properties ?? {});
  const wanted = properties.filter(([name]) => schema.required?.includes(name));
  const chosen = wanted.length > 0 ? wanted : properties.slice(0, schema.minProperties ?? 0);
  return Object.fromEntries(chosen.map(([name, property]) => [name, sampleOf(property)]));
}

/** The least body of a route; undefined for a route without one. */
export const sampleBody = ({ body }: RouteContract): object | undefined =>
  body ? (sampleOf(body) as object) : undefined;

const contracts = boundRoutes().map(({ contract }) => contract);
const collectionOf = ({ path }: Pick<RouteContract, 'path'>): string => path.slice(0, path.indexOf(':'));

/** Things that no route creates by itself, by the name of the route that wants one or by its collection. */
const MADE: Record<
  string,
  (t: TestApp, school: School, by: Client) => Promise<string | Record<string, string>>
> = {
  ...ROSTER_SAMPLES,
  '/conversations/': (t, school, by) => saySomething(t, school, by),
  '/conversations/files/': async (_t, _school, by) => prepareFile(by),
  '/message-reports/': (t, school, by) => reportSomething(t, school, by),
  getMessageFile: sendFile,
  getReportedFile: reportFile,
  '/exports/': (t, school) => madeBundle(t, school, { kind: 'export', cause: 'school' }),
  // No two groups of a school have the same name.
  '/groups/': async (_, __, by) => (await by.post('/groups/', { name: randomUUID() })).body.id,
  '/members/': async (t, school) => (await addMember(t, school, 'teacher')).id,
  '/notifications/': async (t, school, by) => someNotification(t, school, by),
  '/support/': async (t, school) => askForSupport(t, school),
  endOwnSupport: async (t, school) => {
    const id = await askForSupport(t, school);
    await t.sql(
      `UPDATE public.support_grants SET status = 'granted', decided_by = asked_by, decided_at = now(), expires_at = now() + interval '1 hour' WHERE id = $1`,
      [id],
    );
    return id;
  },
  readCalendarFeed: async (_t, _school, by) => {
    const { body } = await by.post('/events/feed/');
    return body.url.split('/').at(-1);
  },
  '/network/memberships/': (t, school) => inviteSchool(t, school),
  '/media/': addMediaFile,
  getThemePicture: async (_t, _school, by) => {
    const { body } = await uploadFile(by, 'logo.svg', LOGO, {}, {}, '/current-tenant/theme/pictures/');
    return body.id;
  },
  getSharedMedia: async (t, school) => {
    const id = await addMediaFile(t, school);
    return t.services.mediaLinks.token(school.id, {
      id,
      variant: undefined,
      expiresAt: new Date(Date.now() + 60_000),
    });
  },
  approveAnnouncement: addSubmitted,
  approveMember: addWaiting,
  refuseMember: addWaiting,
};

/** An invitation of a network that waits for the school's answer. @returns the id of the network. */
export async function inviteSchool(t: TestApp, school: School): Promise<string> {
  const { id } = await createSchool(t, { school_type: 'network', provisioned: false });
  await t.sql(
    `INSERT INTO public.network_members (network_id, tenant_id, status) VALUES ($1, $2, 'invited')`,
    [id, school.id],
  );
  return id;
}

/** A request of the platform to come into a school, as it is kept. */
export async function askForSupport(t: TestApp, school: School): Promise<string> {
  const id = randomUUID();
  await t.sql(
    `INSERT INTO public.support_grants (id, tenant_id, reason, asked_by, asked_by_label)
     SELECT $1, $2, 'Panne', u.id, 'admin@example.org' FROM public.users u
     WHERE NOT EXISTS (SELECT FROM public.support_grants g WHERE g.asked_by = u.id AND g.tenant_id = $2)
     ORDER BY u.is_superadmin DESC LIMIT 1`,
    [id, school.id],
  );
  return id;
}

/** Something that this person is told of. @returns its id. */
export async function someNotification(t: TestApp, school: School, by: Client): Promise<string> {
  const id = randomUUID();
  const { body } = await by.get('/auth/me/');
  await t.sql(
    `INSERT INTO "${school.schemaName}".notifications (id, user_id, kind, data) VALUES ($1::uuid, $2, 'bundles.export_ready', jsonb_build_object('id', $1::uuid))`,
    [id, body.id],
  );
  return id;
}

/** A file of the school. @returns its id. */
export async function addMediaFile(t: TestApp, school: School, by?: Client): Promise<string> {
  const { body, text } = await uploadFile(by ?? (await teacher(t, school)), 'note.txt', 'Une note.');
  if (!body.results) throw new Error(`The upload answered: ${text}`);
  return body.results[0].id;
}

/** An announcement that waits for an administrator. @returns its id. */
export async function addSubmitted(t: TestApp, school: School): Promise<string> {
  const { body } = await (await teacher(t, school)).post('/announcements/', { title: 'x', body: 'x' });
  await t.sql(`UPDATE ${school.schemaName}.announcements SET status = 'submitted' WHERE id = $1`, [body.id]);
  return body.id;
}

/** Somebody who asks the school to be admitted. @returns their id. */
export async function addWaiting(t: TestApp, school: School): Promise<string> {
  const { id } = await addUser(t);
  await t.services.tenancy.central(({ trx }) => insertPendingMembership(trx, id, school.id, 'teacher'));
  return id;
}

/**
 * Makes, as the given person, the thing that a route of the tenant zone names in its path: by the route that creates one
 * in its collection, so that a new kind of thing needs no line here. Rejects when there is no such route.
 */
export async function makeNamed(
  t: TestApp,
  route: RouteContract,
  school: School,
  by: Client,
): Promise<Record<string, string>> {
  const collection = collectionOf(route);
  const made = MADE[route.name] ?? MADE[collection];
  const [, parameter = 'id'] = /:(\w+)/.exec(route.path) ?? [];
  if (made) {
    const named = await made(t, school, by);
    return typeof named === 'string' ? { [parameter]: named } : named;
  }
  if (parameter === 'token') return { token: school.invitation };
  const create = contracts.find(({ method, path }) => method === 'POST' && path === collection);
  if (!create) throw new Error(`Nothing creates what ${route.path} names: say here how to make one`);
  const { status, body, text } = await by.post(collection, sampleBody(create));
  if (status !== 201) throw new Error(`POST ${collection} answered ${status}: ${text}`);
  return { id: body.id, ...(route.path.includes(':day') ? { day: body.starts_on } : {}) };
}
