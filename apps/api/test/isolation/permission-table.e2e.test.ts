import type { RouteContract } from '@preau/contracts/define-route';
import { ERRORS, type ErrorCode } from '@preau/contracts/error-codes';
import { MODULES, type ModuleKey } from '@preau/contracts/modules';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { AppError } from '../../src/platform/app-error.ts';
import { createSchool, type School } from '../support/builders.ts';
import { member, type Client } from '../support/clients.ts';
import { boundRoutes, fillPath } from '../support/contracts.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { everyActor, SCHOOL_ROLES, type Actor } from './actors.ts';

/** Where each route is asked for. */
const HOSTS = ['console', 'base', 'school', 'other school', 'unknown'] as const;
type Host = (typeof HOSTS)[number];

/** What a handler throws that was reached: no guard does. */
const REACHED = 'job_ended' satisfies ErrorCode;

const contracts = boundRoutes().map(({ contract }) => contract);

/**
 * The product's routes behind its own guards, with handlers that only say that they were reached: whom the table lets through
 * is seen, and nobody ends anybody's session on the way.
 */
const routes = contracts.map(
  ({ name, method, path, zone, permission, module, whenClosed, tag, summary, params }) => ({
    contract: {
      name,
      method,
      path,
      zone,
      permission,
      tag,
      summary,
      ...(module ? { module } : {}),
      ...(whenClosed ? { whenClosed } : {}),
      ...(params ? { params } : {}),
      success: { status: 204 as const },
    } satisfies RouteContract,
    handler: async () => {
      throw new AppError(REACHED);
    },
  }),
);

let t: TestApp;
let hosts: Record<Host, string>;
let actors: Actor[];
let school: School;
beforeAll(async () => {
  t = await createTestApp({ routes });
  const other = await createSchool(t);
  school = await createSchool(t);
  hosts = {
    console: t.consoleHost,
    base: t.base,
    school: school.host,
    'other school': other.host,
    unknown: 'nowhere.localhost',
  };
  actors = await everyActor(t, school, other);
});
afterAll(() => t.close());

const isSchool = (host: Host): boolean => host === 'school' || host === 'other school';

/** What the table says: the code of the refusal, or {@link REACHED}. Written down again here, from the table alone. */
function expected({ zone, permission }: RouteContract, actor: Actor, host: Host): ErrorCode {
  if (host === 'unknown') return 'tenant_not_found';
  const inSchool = isSchool(host) || actor.carriesSchool === true;
  if (zone !== 'public' && inSchool !== (zone === 'tenant')) return 'not_found';
  if (permission === 'anyone') return REACHED;
  const atHome =
    actor.home === 'anywhere' ||
    (actor.carriesSchool && !isSchool(host)) ||
    (actor.home === 'platform' ? !isSchool(host) : actor.home === host);
  if (!atHome) return 'wrong_host';
  if (actor.name === 'visitor') return 'not_authenticated';
  if (permission === 'authenticated') return actor.person ? REACHED : 'not_authenticated';
  return actor.holds(permission) ? REACHED : 'permission_denied';
}

async function answered(client: Client, host: Host, { method, path }: RouteContract): Promise<string> {
  const { status, body } = await client.at(hosts[host]).send({ method, url: `/api/v1${fillPath(path)}` });
  return `${status} ${body?.code ?? ''}`;
}
const line = (code: ErrorCode): string => `${ERRORS[code].status} ${code}`;

describe('the table of permissions decides', () => {
  it.each(contracts.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
    '%s',
    async (_, contract) => {
      const says: Record<string, string> = {};
      const happens: Record<string, string> = {};
      for (const actor of actors) {
        const client = await actor.client(contract.permission);
        if (!client) continue;
        const ask = async (host: Host) => {
          const cell = `${actor.name}, at ${host}`;
          says[cell] = line(expected(contract, actor, host));
          happens[cell] = await answered(client, host, contract);
        };
        await Promise.all(HOSTS.map(ask));
      }
      expect(happens).toEqual(says);
    },
  );

  it('with at least one person or key that each route lets through, and one that it does not', async () => {
    const astray: string[] = [];
    for (const contract of contracts) {
      const codes = new Set<ErrorCode>();
      for (const actor of actors) {
        if (!(await actor.client(contract.permission))) continue;
        for (const host of HOSTS) codes.add(expected(contract, actor, host));
      }
      const refusals = codes.has('not_authenticated') || contract.permission === 'anyone';
      if (!codes.has(REACHED) || !refusals) astray.push(contract.name);
    }
    expect(astray).toEqual([]);
  });
});

describe('a module that is switched off', () => {
  const optional = (Object.keys(MODULES) as ModuleKey[]).filter((key) => !MODULES[key].alwaysOn);
  const behind = contracts.filter(({ module }) => module && optional.includes(module));
  // One for all routes: none of them gets as far as to change it.
  let members: [SchoolRole, Client][];
  beforeAll(async () => {
    const shut = await createSchool(t);
    const off = Object.fromEntries(optional.map((key) => [key, false]));
    await t.services.tenants.updateModules(SYSTEM, shut.id, off);
    members = [];
    for (const role of SCHOOL_ROLES) members.push([role, await member(t, shut, role)]);
  });
  it.each(behind.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
    'closes the route to whom it would let through, and tells nobody else: %s',
    async (_, contract) => {
      for (const [role, client] of members) {
        const open = expected(contract, actors.find(({ name }) => name === role) as Actor, 'school');
        const { status, body } = await client.send({
          method: contract.method,
          url: `/api/v1${fillPath(contract.path)}`,
        });
        expect(`${status} ${body.code}`, role).toBe(line(open === REACHED ? 'module_disabled' : open));
      }
    },
  );
});
