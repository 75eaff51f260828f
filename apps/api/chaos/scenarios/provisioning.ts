import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type Answer } from '../../bench/ask.ts';
import { exactly, figure, type Result } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { serverVersion } from '../../bench/versions.ts';
import { newTenantBody } from '../../test/support/builders.ts';
import { install, type Installation } from '../installation.ts';
import { PAUSES, type Pause } from '../provisioning/pauses.ts';
import { prove, settled, type Proof } from '../provisioning/proof.ts';
import type { Victim } from '../victim.ts';

/** Random kills: how many, and how many requests are under way at each. */
const KILLS = { long: 25, short: 3 };
const AT_ONCE = 4;
/** Milliseconds within which a random kill falls: some schools are made in it, and some are not. */
const LATEST = 400;

const SLOW_STORAGE = 'chaos/provisioning/server-with-slow-storage.ts';

const post = ({ key }: Installation, { url }: Victim, path: string, body?: unknown): Promise<Answer> =>
  ask(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { host: 'console.localhost', 'api-key': key },
    body,
  });

async function create(installation: Installation, victim: Victim, now: boolean): Promise<Answer> {
  const subdomain = `chaos-${randomInt(1e12).toString(36)}`;
  return post(installation, victim, '/tenants/', { ...newTenantBody({ subdomain }), provision_now: now });
}

interface Found extends Proof {
  /** Answers other than 409 to provisioning what is provisioned, and than 200 to provisioning what is not. */
  refused: string[];
}

/** Proves, then provisions what is not provisioned, and proves again. */
async function proveAndRetry(installation: Installation, victim: Victim): Promise<Found> {
  await settled(installation);
  const first = await prove(installation);
  const { rows } = await installation.admin.query<{ id: string; done: boolean }>(
    'SELECT id, provisioned_at IS NOT NULL AS done FROM public.tenants',
  );
  const refused: string[] = [];
  for (const { id, done } of rows) {
    const { status, body } = await post(installation, victim, `/tenants/${id}/provision/`);
    if (status !== (done ? 409 : 200)) refused.push(`${id}: ${status} ${body}`);
  }
  const last = await prove(installation);
  return {
    ...last,
    retryable: first.retryable,
    orphans: [...first.orphans, ...last.orphans],
    wrongs: [
      ...first.wrongs,
      ...last.wrongs,
      ...(last.retryable > 0 ? ['a school that cannot be provisioned'] : []),
    ],
    refused,
  };
}

/** Kills the server at one point of a run, starts the next, and waits until what was begun has ended. */
async function killAt(
  installation: Installation,
  victim: Victim,
  pause: Pause,
): Promise<{ seconds: number; done: boolean; next: Victim }> {
  const { id } = JSON.parse((await create(installation, victim, false)).body) as { id: string };
  const trap = await pause.set(installation);
  const answered = post(installation, victim, `/tenants/${id}/provision/`).then(
    () => true,
    () => false,
  );
  try {
    await trap.caught();
    await victim.kill();
    if (await answered) throw new Error(`A run was answered that had not come past: ${pause.name}`);
  } finally {
    await victim.kill();
    await trap.release();
  }
  const began = performance.now();
  const next = await installation.start(SLOW_STORAGE);
  await settled(installation);
  const { rows } = await installation.admin.query<{ done: boolean }>(
    'SELECT provisioned_at IS NOT NULL AS done FROM public.tenants WHERE id = $1',
    [id],
  );
  return { seconds: (performance.now() - began) / 1_000, done: rows[0]?.done ?? false, next };
}

/** Kills servers at moments of their own while schools are made; the last one is left running. */
async function killAtRandom(installation: Installation, first: Victim, kills: number): Promise<Victim> {
  let victim = first;
  for (let count = 0; count < kills; count += 1) {
    const cut = new AbortController();
    const target = victim;
    const working = Array.from({ length: AT_ONCE }, async () => {
      while (!cut.signal.aborted) await create(installation, target, true).catch(() => cut.abort());
    });
    await delay(randomInt(LATEST));
    await victim.kill();
    cut.abort();
    await Promise.all(working);
    victim = await installation.start();
  }
  return victim;
}

/** SIGKILL of the server at every step of provisioning and at random moments; what is left is whole or as before. */
export const provisioning: Scenario = async ({ short, endings, progress }) => {
  // No stock of ready schemas: with one, there would be no schema to be caught at making.
  const installation = await install(endings, { PREAU_POOL_SIZE: '0', PREAU_ROLE_STOCK: '0' });
  const results: Result[] = [];
  let victim = await installation.start(SLOW_STORAGE);
  for (const pause of PAUSES) {
    progress(`killing at: ${pause.name}`);
    const { seconds, done, next } = await killAt(installation, victim, pause);
    victim = next;
    // Before the run is on record there is nothing to go on with: the school is as it was.
    const expected = pause === PAUSES[0] ? 0 : 1;
    results.push(exactly(`killed at ${pause.name}: gone on with`, done ? 1 : 0, expected, 'runs'));
    results.push(figure(`killed at ${pause.name}: start to end`, seconds, 's'));
  }
  const kills = short ? KILLS.short : KILLS.long;
  progress(`${kills} kills at random moments`);
  victim = await killAtRandom(installation, victim, kills);
  const found = await proveAndRetry(installation, victim);
  for (const line of [...found.orphans, ...found.wrongs, ...found.refused]) progress(line);
  results.push(
    figure('kills', PAUSES.length + kills, 'kills'),
    figure('schools', found.schools, 'schools'),
    figure('schools as before, and provisioned when asked again', found.retryable, 'schools'),
    exactly('orphan schemas, roles, versions and folders', found.orphans.length, 0, 'orphans'),
    exactly('schools half made, and reports that are not true', found.wrongs.length, 0, 'schools'),
    exactly('answers that are not true', found.refused.length, 0, 'answers'),
    exactly('schools open at the end', found.open, found.schools, 'schools'),
  );
  return { versions: { postgresql: await serverVersion(installation.database.url) }, results };
};
