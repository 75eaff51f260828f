import { randomUUID } from 'node:crypto';
import type { RouteContract } from '@preau/contracts/define-route';
import { MODULE_KEYS, MODULES } from '@preau/contracts/modules';
import { EVENTS, type EventContract, type EventName } from '@preau/contracts/realtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { features } from '../../src/features/index.ts';
import type { JobRun } from '../../src/features/jobs/index.ts';
import type { Services } from '../../src/services.ts';
import { createSchool, type School } from '../support/builders.ts';
import { schoolAdmin, superadmin, visitor, type Client } from '../support/clients.ts';
import { boundRoutes, fillPath } from '../support/contracts.ts';
import { createTestApp, type TestApp } from '../support/harness.ts';
import { MODULE_WORLDS, type ModuleWorld } from '../support/module-worlds.ts';
import { expectProblem, stateOf } from '../support/refusals.ts';
import { makeNamed, sampleOf } from '../support/samples.ts';
import { closeSockets, openSocket } from '../support/sockets.ts';

/** Shared tables in which modules of schools keep something. */
const SHARED = [
  'agenda_entries',
  'agenda_events',
  'announcements_due',
  'directory_profiles',
  'network_members',
  'notification_mails_due',
  'storage_reservations',
  'tenant_usage',
];

const switchable = MODULE_KEYS.filter((key) => !MODULES[key].alwaysOn);
const PLAIN: ModuleWorld = { tables: [], fill: async () => ({}) };
const contracts = boundRoutes().map(({ contract }) => contract);

let t: TestApp;
let port: number;
let root: Client;
beforeAll(async () => {
  t = await createTestApp();
  port = await t.listen();
  root = await superadmin(t);
});
afterAll(async () => {
  closeSockets();
  await t.close();
});

/** What a school has of everything, but for what says that a module is on. */
async function contentOf({ id, schemaName }: School): Promise<Record<string, string>> {
  const state = await stateOf(t, schemaName);
  const own = Object.entries(state).filter(([table]) => table.startsWith(`${schemaName}.`));
  const shared = await t.sql<{ name: string; rows: string }>(
    SHARED.map(
      (name) => `SELECT '${name}' AS name, coalesce(string_agg(r.row, ' ' ORDER BY r.row), '') AS rows
        FROM (SELECT (to_jsonb(x) - 'last_accessed_at')::text AS row FROM public.${name} x WHERE tenant_id = $1) r`,
    ).join(' UNION ALL '),
    [id],
  );
  return Object.fromEntries([...own, ...shared.map(({ name, rows }) => [name, rows])]);
}

/** One attempt of a job, as a worker makes it. */
const attempt = (tenantId: string, payload: object): JobRun<any> => ({
  id: randomUUID(),
  tenantId,
  payload,
  attempt: 1,
  origin: SYSTEM,
  signal: new AbortController().signal,
  progress: () => {},
  step: (_, work) => work(),
  async steps(parts) {
    for (const { work } of parts) await work();
  },
  guard: async () => {},
});

describe.each(switchable)('%s', (key) => {
  const own = features.filter(({ module }) => module === key);
  const routes = contracts.filter(({ module }) => module === key);
  const jobs = own.flatMap((feature) => feature.jobs ?? []);
  const operations = own.flatMap((feature) => feature.realtime?.({} as Services)?.operations ?? []);
  const events = Object.entries<EventContract>(EVENTS).filter(([, { module }]) => module === key);
  const world = MODULE_WORLDS[key] ?? PLAIN;

  let school: School;
  let head: Client;
  const named = new Map<string, Record<string, string>>();
  let empty: Record<string, string>;
  let payloads: Record<string, object>;
  let content: Record<string, string>;
  let answers: Record<string, string>;
  let outside: unknown;
  /** Before anything was said on sockets while it was off. */
  let since: string;

  const ask = (client: Client, { name, method, path }: RouteContract) =>
    client.send({
      method,
      url: `/api/v1${fillPath(path, named.get(name))}`,
      ...(method === 'GET' || method === 'DELETE' ? {} : { payload: {} }),
    });
  const turn = async (on: boolean) => {
    const heard = t.hears('tenant', school.id);
    const { status, text } = await root.post(`/tenants/${school.id}/update_modules/`, {
      modules_enabled: { [key]: on },
    });
    expect(status, text).toBe(200);
    await heard;
  };
  /** What its routes tell an administrator. */
  async function readAll(): Promise<Record<string, string>> {
    const told: Record<string, string> = {};
    for (const contract of routes.filter(({ method }) => method === 'GET')) {
      const { status, text } = await ask(head, contract);
      // Reading a calendar is put down.
      told[contract.name] = `${status} ${text.replace(/"last_used_at":(null|"[^"]*")/, '')}`;
    }
    return told;
  }

  beforeAll(async () => {
    school = await createSchool(t);
    head = await schoolAdmin(t, school);
    empty = await contentOf(school);
    for (const contract of routes)
      if (contract.path.includes(':')) named.set(contract.name, await makeNamed(t, contract, school, head));
    payloads = await world.fill(t, school, head);
    answers = await readAll();
    outside = await world.outside?.(t, school);
    content = await contentOf(school);
  });

  it('has routes, rows of its own, and is shown where it is to be shown', () => {
    const filled = Object.keys(content).filter((table) => content[table] !== empty[table]);
    expect(filled).toEqual(
      expect.arrayContaining(world.tables.map((table) => `${school.schemaName}.${table}`)),
    );
    expect(filled).not.toEqual([]);
    expect(Object.values(answers).filter((told) => told.startsWith('200'))).not.toHaveLength(0);
    if (world.outside) expect(outside).not.toEqual(world.unseen);
  });

  it('switched off answers on none of its routes, to nobody, and keeps what it has', async () => {
    await turn(false);
    for (const contract of routes) {
      for (const client of contract.permission === 'anyone' ? [visitor(t, school.host), head] : [head])
        expectProblem(await ask(client, contract), { code: 'module_disabled' });
    }
    expect(await contentOf(school)).toEqual(content);
  });

  it('switched off shows nothing of itself elsewhere', async () => {
    expect(await world.outside?.(t, school)).toEqual(world.unseen);
  });

  it('switched off takes nothing on sockets, and tells nobody who comes back what was said', async () => {
    const early = await openSocket(port, head);
    since = early.welcome.at;
    early.close();
    for (const [op, { data }] of events)
      await t.services.realtime.toOrganisation(
        { tenantId: school.id },
        op as EventName,
        sampleOf(data as never) as never,
      );
    const { ask: send, heard, close } = await openSocket(port, head, { after: since });
    for (const { contract } of operations) {
      expect(contract.module, contract.op).toBe(key);
      const { ok, error } = await send(contract.op, sampleOf(contract.data) as object);
      expect({ ok, code: error?.code }, contract.op).toEqual({ ok: false, code: 'module_disabled' });
    }
    const ops = new Set(events.map(([op]) => op));
    expect(heard.filter(({ op }) => ops.has(op))).toEqual([]);
    close();
    expect(await contentOf(school)).toEqual(content);
  });

  it('switched off does nothing in jobs that come up', async () => {
    expect(Object.keys(payloads).toSorted()).toEqual(jobs.map(({ kind }) => kind).toSorted());
    for (const { kind, handler } of jobs) await handler(attempt(school.id, payloads[kind] ?? {}), t.services);
    expect(await contentOf(school)).toEqual(content);
  });

  it('switched on again is as it was, and goes on', async () => {
    await turn(true);
    expect(await contentOf(school)).toEqual(content);
    expect(await readAll()).toEqual(answers);
    expect(await world.outside?.(t, school)).toEqual(outside);
    if (events.length > 0) {
      const { heard, close } = await openSocket(port, head, { after: since });
      for (const [op] of events) expect(heard.map((message) => message.op)).toContain(op);
      close();
    }
    for (const { kind, handler } of jobs) await handler(attempt(school.id, payloads[kind] ?? {}), t.services);
    await world.went?.(t, school, head);
  });
});
