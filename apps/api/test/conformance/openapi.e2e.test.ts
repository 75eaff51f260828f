import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS } from '@preau/contracts/error-codes';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FORMATS } from '../../src/platform/formats.ts';
import { ACCOUNT_SAMPLES } from '../support/account-samples.ts';
import { createSchool, insertFleetRun, insertJob, newTenantBody, type School } from '../support/builders.ts';
import {
  type Answer,
  type Client,
  platformKey,
  schoolKey,
  schoolAdmin,
  superadmin,
  visitor,
} from '../support/clients.ts';
import { BUNDLE_SAMPLES } from '../support/bundle-samples.ts';
import { DIRECTORY_SAMPLES } from '../support/directory-samples.ts';
import { FACTOR_SAMPLES } from '../support/factor-samples.ts';
import { GROUP_SAMPLES } from '../support/group-samples.ts';
import { MESSAGING_SAMPLES } from '../support/messaging-samples.ts';
import { NETWORK_SAMPLES } from '../support/network-samples.ts';
import { boundRoutes, fillPath } from '../support/contracts.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../support/harness.ts';
import { ROSTER_REQUESTS } from '../support/roster-samples.ts';
import { SCHOOL_MARK_SAMPLES } from '../support/school-mark-samples.ts';
import { SIGN_ON_SAMPLES } from '../support/sign-on-samples.ts';
import { SIGNUP_SAMPLES } from '../support/signup-samples.ts';
import { SUPPORT_SAMPLES } from '../support/support-samples.ts';
import { makeNamed, sampleBody } from '../support/samples.ts';
import { formOf } from '../support/upload.ts';

interface Operation {
  operationId: string;
  summary: string;
  parameters?: { in: string; name: string; required?: boolean }[];
  requestBody?: object;
  responses: Record<string, { content?: Record<string, unknown> }>;
}

const contracts = boundRoutes().map(({ contract }) => contract);
const formats = Object.fromEntries(Object.entries(FORMATS).map(([name, { test }]) => [name, test]));
const ajv = new Ajv({ strict: false, formats });

let t: TestApp;
let document: {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  servers: { url: string }[];
};
beforeAll(async () => {
  t = await createTestApp();
  document = (await visitor(t).get('/openapi.json')).body;
});
afterAll(() => t.close());

const operationOf = ({ path, method }: RouteContract): Operation | undefined =>
  document.paths[path.replace(/:(\w+)/g, '{$1}')]?.[method.toLowerCase()];

interface Scene {
  school: School;
  head: Client;
}
let readOnly: Promise<Scene> | undefined;

async function makeScene(): Promise<Scene> {
  const school = await createSchool(t);
  return { school, head: await schoolAdmin(t, school) };
}

/** A school of its own for whatever changes something, or wants something to be there; one for all that only look. */
function sceneOf({ name, method, zone, path }: RouteContract): Promise<Scene> {
  const wants = name in SAMPLES || (zone === 'tenant' ? /:/ : /:(?!id\b)/).test(path);
  return method === 'GET' && !wants ? (readOnly ??= makeScene()) : makeScene();
}

/** Everything a path of the product may name, and somebody who may do all with it. */
async function world(
  contract: RouteContract,
): Promise<{ client: Client; params: Record<string, string>; school: School }> {
  const admin = await superadmin(t);
  const { school, head } = await sceneOf(contract);
  const client = contract.zone === 'tenant' ? head : admin;
  const params: Record<string, string> = { id: school.id, token: school.invitation };
  if (contract.zone === 'tenant' && /:(id|token)\//.test(contract.path))
    Object.assign(params, await makeNamed(t, contract, school, head));
  if (contract.path.startsWith('/platform/api_keys/'))
    params['id'] = (await platformKey(t, ['tenants:read'])).id;
  if (contract.path.includes(':kid')) params['kid'] = (await schoolKey(t, school, ['school:read'])).id;
  if (contract.path.includes(':did')) {
    params['did'] = (
      await admin.post(`/tenants/${school.id}/add_domain/`, {
        // Below the base it is in force at once: nothing is left to vouch for.
        domain:
          contract.name === 'vouchForDomain'
            ? `www.${school.subdomain}.example`
            : `second-${school.subdomain}.localhost`,
      })
    ).body.id;
  }
  return { client, params, school };
}

/** What to send where the least body that is accepted would not do. */
const BODIES: Record<string, (school: School) => object> = {
  createTenant: () => newTenantBody(),
  replaceTenant: ({ subdomain }) => newTenantBody({ subdomain }),
  updateTenant: () => ({ city: 'Nice' }),
  updateModules: () => ({ modules_enabled: {} }),
  updateSignupSettings: () => ({ requests_per_day: 300 }),
  updateTenantSettings: () => ({ language: 'en' }),
  addDomain: ({ subdomain }) => ({ domain: `www.${subdomain}.fr` }),
  editDomain: () => ({ redirects: true }),
  editTheme: () => ({ primary_color: '#123456' }),
  login: () => SUPERADMIN,
  rollBackTheme: () => ({ version: 1 }),
  updateNotificationPreference: () => ({ kind: 'bundles.export_ready', mail: false }),
  acceptInvitation: () => ({ full_name: 'Ada Lovelace', password: 'douze lettres au moins' }),
  createPlatformKey: () => ({ name: 'x', scopes: ['tenants:read'] }),
};
const QUERIES: Record<string, Record<string, string>> = {
  checkSubdomain: { subdomain: 'lycee-neuf' },
  importBundle: { subdomain: 'venue-d-ailleurs' },
};
/** Files that are accepted as they are. */
const UPLOADS: Record<string, string> = { importTenants: 'uai;nom_etablissement\n' };
/** Routes that need the school in another state first. */
const BEFORE: Record<string, (admin: Client, school: School) => Promise<Answer>> = {
  activateTenant: (admin, { id }) => admin.post(`/tenants/${id}/deactivate/`),
  restoreTenant: (admin, { id }) => admin.delete(`/tenants/${id}/`),
};

/** Writes in name only: why nothing is put down. */
const UNTRACED: Record<string, string> = {
  beginPasskey: 'a challenge for the one who asks; the key that comes of it is put down',
  beginPasskeyLogin: 'a challenge for nobody in particular',
  beginSingleSignOn: 'a log-in that has only begun',
  checkSignupSubdomain: 'looks for a free name; how often is counted',
  discoverSchools: 'the same work for every address: a row would say who has an account',
  readNotification: 'who reads what, and when, is nobody’s business',
  readAllNotifications: 'who reads what, and when, is nobody’s business',
  previewTheme: 'reckons, and keeps nothing',
  previewAnnouncement: 'shows a text, and keeps nothing of it',
  readAnnouncement: 'reading is nobody’s business but the reader’s',
  openRegistration: 'reads what a link offers',
  readConversation: 'what somebody has read is nobody’s business',
  verifyDomain: 'looks; a state that changes by it is put down',
};

/** What the last event of a stream holds. */
function lastEvent({ text, headers }: Answer): unknown {
  expect(headers['content-type']).toMatch(/^text\/event-stream/);
  return JSON.parse(/^data: (.*)$/m.exec(text.slice(text.lastIndexOf('event:')))?.[1] ?? 'null');
}

interface Sample {
  client?: Client;
  params?: Record<string, string>;
  body?: object;
  upload?: Buffer;
}
const SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  ...ROSTER_REQUESTS,
  ...ACCOUNT_SAMPLES,
  ...BUNDLE_SAMPLES,
  ...DIRECTORY_SAMPLES,
  ...FACTOR_SAMPLES,
  ...GROUP_SAMPLES,
  ...MESSAGING_SAMPLES,
  ...NETWORK_SAMPLES,
  ...SCHOOL_MARK_SAMPLES,
  ...SIGN_ON_SAMPLES,
  ...SIGNUP_SAMPLES,
  ...SUPPORT_SAMPLES,
};

async function call(contract: RouteContract): Promise<Answer> {
  const { client: whoever, params: known, school } = await world(contract);
  const sample: Sample | undefined = await SAMPLES[contract.name]?.(t, school);
  const client = sample?.client ?? whoever;
  const params = { ...known, ...sample?.params };
  if (contract.tag === 'jobs') params['id'] = await insertJob(t, { ended: contract.name !== 'cancelJob' });
  if (contract.name === 'getFleetRun') params['id'] = await insertFleetRun(t);
  if (contract.name === 'provisionTenant') params['id'] = (await createSchool(t, { provisioned: false })).id;
  await BEFORE[contract.name]?.(await superadmin(t), school);
  const body = sample?.body ?? BODIES[contract.name]?.(school) ?? sampleBody(contract);
  return client.send({
    method: contract.method,
    url: `/api/v1${fillPath(contract.path, params)}`,
    ...(body ? { payload: body } : {}),
    ...(contract.upload?.files
      ? formOf([{ name: 'file', filename: 'a.txt', content: sample?.upload ?? 'une note' }])
      : {}),
    ...(contract.upload && !contract.upload.files
      ? {
          headers: { 'content-type': contract.upload.types[0] ?? '' },
          payload: sample?.upload ?? UPLOADS[contract.name] ?? '',
        }
      : {}),
    query: QUERIES[contract.name] ?? {},
  });
}

describe('the OpenAPI document', () => {
  it('is valid 3.1', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    const { valid, errors } = await new Validator().validate(structuredClone(document) as never);
    expect(errors ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('names every route and no other', () => {
    const listed = Object.values(document.paths).flatMap((operations) =>
      Object.values(operations).map(({ operationId }) => operationId),
    );
    expect(listed.toSorted()).toEqual(contracts.map(({ name }) => name).toSorted());
  });

  it.each(contracts.map((contract) => [contract.name, contract] as const))(
    'tells all of %s',
    (_, contract) => {
      const operation = operationOf(contract);
      expect(operation?.summary).toBe(contract.summary);
      expect(operation?.requestBody !== undefined).toBe(
        contract.body !== undefined || contract.upload !== undefined,
      );
      const parameters = (operation?.parameters ?? []).map(({ name }) => name);
      for (const [, name] of contract.path.matchAll(/:(\w+)/g)) expect(parameters).toContain(name);
      const { properties = {} }: { properties?: object } = contract.query ?? {};
      for (const name of Object.keys(properties)) expect(parameters).toContain(name);
      expect(operation?.responses).toHaveProperty(String(contract.success.status));
      for (const code of contract.errors ?? []) {
        expect(operation?.responses[ERRORS[code].status]?.content, code).toHaveProperty([
          'application/problem+json',
        ]);
      }
    },
  );
});

/** Actions in the trail that a request has put there. */
const tracesOf = ({ headers }: Answer) =>
  t.sql<{ action: string }>('SELECT action FROM audit.log WHERE request_id = $1', [headers['x-request-id']]);

describe('what is documented is answered, and what it changes is in the trail', () => {
  it.each(contracts.map((contract) => [contract.name, contract] as const))('%s', async (_, contract) => {
    const answer = await call(contract);
    expect(answer.status, answer.text).toBe(contract.success.status);
    if (contract.method !== 'GET')
      expect((await tracesOf(answer)).length > 0, 'a row in the trail').toBe(!(contract.name in UNTRACED));
    if (!contract.success.schema) return;
    const { events, file } = contract.success;
    const body = events ? lastEvent(answer) : file ? answer.text : answer.body;
    if (file && file !== '*/*') expect(answer.headers['content-type']).toContain(file.replace('*', ''));
    const matches = ajv.validate(contract.success.schema, body);
    expect(ajv.errorsText(), answer.text).toBe('No errors');
    expect(matches).toBe(true);
    if (contract.etag && contract.method === 'GET') expect(answer.headers.etag).toBeDefined();
  });
});
