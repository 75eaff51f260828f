import type { RouteContract } from '@preau/contracts/define-route';
import { KEY_SCOPES } from '@preau/contracts/permissions';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { HTTPMethods } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../support/builders.ts';
import { type Answer, type Client, member, platformKey, superadmin, visitor } from '../support/clients.ts';
import { boundRoutes, fillPath } from '../support/contracts.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { expectProblem, stateOf } from '../support/refusals.ts';
import { makeNamed, sampleBody } from '../support/samples.ts';

const ROLES: readonly SchoolRole[] = ['admin', 'teacher', 'student', 'parent', 'staff'];
const METHODS: readonly HTTPMethods[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];

const contracts = boundRoutes().map(({ contract }) => contract);
const inZone = (zone: RouteContract['zone']) => contracts.filter((contract) => contract.zone === zone);
const named = (list: RouteContract[]) =>
  list.map((contract) => [`${contract.method} ${contract.path}`, contract] as const);

let t: TestApp;
let here: School;
let there: School;
let admin: Client;
let heads: Client[];
const people: Partial<Record<SchoolRole, Client>> = {};
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
  [here, there] = [await createSchool(t), await createSchool(t)];
  for (const role of ROLES) people[role] = await member(t, here, role);
  heads = [await member(t, there, 'admin')];
});
afterAll(() => t.close());

const ask = (
  client: Client,
  { method, path }: Pick<RouteContract, 'method' | 'path'>,
  params = {},
): Promise<Answer> =>
  client.send({
    method,
    url: `/api/v1${fillPath(path, params)}`,
    ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
  });

/** Where the least body that is accepted would not do. */
const BODIES: Record<string, object> = {
  acceptInvitation: { full_name: 'Intruder', password: 'douze lettres au moins' },
};

describe('what belongs to one school', () => {
  const owning = inZone('tenant').filter(({ path }) => path.includes(':'));

  it.each(named(owning))('is not found from another: %s', async (_, contract) => {
    const owner = people.admin as Client;
    const params = await makeNamed(t, contract, here, owner);
    const intruder = heads[0] as Client;
    const payload = BODIES[contract.name] ?? sampleBody(contract);
    const send = (client: Client) =>
      client.send({
        method: contract.method,
        url: `/api/v1${fillPath(contract.path, params)}`,
        ...(payload ? { payload } : {}),
      });
    const before = await stateOf(t);
    expect((await send(intruder)).status).toBe(404);
    expect(await stateOf(t)).toEqual(before);
    // It was there all the while.
    // Whoever accepts an invitation gets a new session for the one they had.
    const mayAsk = contract.permission === 'anyone' ? visitor(t, here.host) : owner;
    expect((await send(mayAsk)).status).toBeLessThan(300);
  });

  it.each(named(inZone('tenant').filter(({ permission }) => permission !== 'anyone')))(
    'is not opened by a session of another school: %s',
    async (_, contract) => {
      expectProblem(await ask((heads[0] as Client).at(here.host), contract), { code: 'wrong_host' });
      expectProblem(await ask(admin.at(here.host), contract), { code: 'wrong_host' });
    },
  );

  it('is not in the lists of another', async () => {
    await (people.admin as Client).post('/announcements/', { title: 'secret', body: 'of here' });
    const { text } = await (heads[0] as Client).get('/announcements/');
    expect(text).not.toContain('secret');
  });
});

describe('the platform’s routes', () => {
  it.each(named(inZone('platform')))('are not found on a school’s host: %s', async (_, contract) => {
    const all = await platformKey(t, [...KEY_SCOPES]);
    for (const client of [
      visitor(t, here.host),
      admin.at(here.host),
      people.admin as Client,
      all.at(here.host),
    ]) {
      for (const method of METHODS) {
        const answer = await ask(
          client,
          { ...contract, method: method as RouteContract['method'] },
          { id: here.id },
        );
        expectProblem(answer, { code: 'not_found' });
      }
    }
  });

  it.each(named(inZone('tenant')))('are not those of a school: %s', async (_, contract) => {
    for (const host of [t.base, t.consoleHost]) {
      const answer = await ask(admin.at(host), contract);
      expectProblem(answer, { code: 'not_found' });
    }
  });

  it.each(named(contracts))('and all others are not found on an unknown host: %s', async (_, contract) => {
    expectProblem(await ask(visitor(t, 'nowhere.localhost'), contract), { code: 'tenant_not_found' });
  });
});
