import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { exactly, figure, type Result } from '../../bench/report.ts';
import type { Scenario } from '../../bench/scenario.ts';
import { serverVersion } from '../../bench/versions.ts';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { digestOf, makeSchool } from '../bundles/school.ts';
import { install, type Installation } from '../installation.ts';
import type { Victim } from '../victim.ts';

const SIZE = {
  long: { rows: 20_000, files: 300, kills: 12 },
  short: { rows: 2_000, files: 40, kills: 2 },
};
const WITHIN = 90_000;

/** What is wrong after a kill, in words. */
type Wrongs = string[];

interface Round {
  /** Starts the work, and says what is to be so when it has ended. */
  begin(): Promise<{ jobId: string; check(status: string): Promise<Wrongs> }>;
}

/** Waits until nothing is under way. @returns how the job ended; null when it went with its school. */
async function settled({ admin }: Installation, jobId: string): Promise<string | null> {
  for (const deadline = Date.now() + WITHIN; ; await delay(20)) {
    const { rows: open } = await admin.query(
      "SELECT FROM public.jobs WHERE status IN ('queued', 'running') AND kind ~ '^(bundle|tenant)[.]'",
    );
    if (open.length === 0) break;
    if (Date.now() > deadline) throw new Error('A job does not end');
  }
  // What undoes a failure runs right after it is written down.
  for (const deadline = Date.now() + WITHIN; Date.now() < deadline; await delay(20)) {
    const { rows } = await admin.query('SELECT FROM public.bundle_restores');
    if (rows.length === 0) break;
  }
  const { rows } = await admin.query<{ status: string }>('SELECT status FROM public.jobs WHERE id = $1', [
    jobId,
  ]);
  return rows[0]?.status ?? null;
}

/** Kills the server while it works, starts the next, and looks at what is left. */
async function killAt(
  installation: Installation,
  victim: Victim,
  { begin }: Round,
  moment: number,
): Promise<{ next: Victim; status: string | null; wrongs: Wrongs }> {
  const { jobId, check } = await begin();
  await delay(moment);
  await victim.kill();
  const next = await installation.start();
  const status = await settled(installation, jobId);
  const wrongs = await check(status ?? 'gone');
  for (const { kind, name } of await installation.services.orphans.scan())
    wrongs.push(`orphan: ${kind} ${name}`);
  const { rows: running } = await installation.admin.query(
    "SELECT FROM public.bundles WHERE status = 'running'",
  );
  if (running.length > 0) wrongs.push('an archive that is for ever being made');
  return { next, status, wrongs };
}

/** SIGKILL at random moments of backup, restore, clone and purge: each is gone on with or undone, and no school is damaged. */
export const bundles: Scenario = async ({ short, endings, progress }) => {
  const { rows, files, kills } = short ? SIZE.short : SIZE.long;
  const installation = await install(endings, { PREAU_POOL_SIZE: '0', PREAU_ROLE_STOCK: '0' });
  const { services, admin } = installation;
  let victim = await installation.start();
  const id = await makeSchool(installation, 'vivante', { rows, files });
  const intact = await digestOf(installation, id);
  const bystander = await makeSchool(installation, 'voisine', { rows: 50, files: 3 });
  const beside = await digestOf(installation, bystander);
  let number = 0;

  const unharmed = async (): Promise<Wrongs> => [
    ...((await digestOf(installation, id)) === intact ? [] : ['the school is damaged']),
    ...((await digestOf(installation, bystander)) === beside ? [] : ['another school is damaged']),
  ];
  const makeBackup = async (): Promise<string> => {
    const { job_id, bundle_id } = await services.bundles.make(OPERATOR, id);
    if ((await settled(installation, job_id)) !== 'done') throw new Error('No backup');
    return bundle_id;
  };
  const kept = await makeBackup();
  const unchanged = await digestOf(installation, id);
  if (unchanged !== intact) throw new Error('A backup changed the school');

  const rounds: Record<string, Round> = {
    backup: {
      async begin() {
        const { job_id, bundle_id } = await services.bundles.make(OPERATOR, id);
        return {
          jobId: job_id,
          async check(status) {
            const { status: made } = await services.bundles.get(bundle_id);
            const wrongs = await unharmed();
            if (status !== 'done' || made !== 'done') wrongs.push(`a backup ended as ${status}, ${made}`);
            else {
              const run = { signal: AbortSignal.timeout(WITHIN), progress() {} };
              const { restores, tables_changed_since: changed } = await services.bundleVerifier.drill(
                run,
                bundle_id,
              );
              if (!restores || changed.length > 0) wrongs.push('a backup gives back something else');
            }
            return wrongs;
          },
        };
      },
    },
    restore: {
      async begin() {
        // What is there now differs from the archive, so that it can be seen which of the two is in place.
        const { schema_name: schema } = (await services.tenants.get(id)).tenant;
        await admin.query(`DELETE FROM ${schema}.announcements WHERE title LIKE '%7'`);
        const altered = await digestOf(installation, id);
        const { job_id } = await services.bundles.restore(OPERATOR, kept, { mode: 'in_place' }, 'vivante');
        return {
          jobId: job_id,
          async check(status) {
            const now = await digestOf(installation, id);
            const whole = status === 'done' ? intact : altered;
            const wrongs =
              (await digestOf(installation, bystander)) === beside ? [] : ['another school is damaged'];
            if (now !== whole)
              wrongs.push(
                `after a restore that ended as ${status} the school is neither as before nor as after`,
              );
            return wrongs;
          },
        };
      },
    },
    clone: {
      async begin() {
        const subdomain = `copie-${(number += 1)}`;
        const { job_id, tenant_id } = await services.bundles.clone(OPERATOR, id, { subdomain });
        return {
          jobId: job_id,
          async check(status) {
            const wrongs = await unharmed();
            const there = await digestOf(installation, tenant_id);
            if ((status === 'done') !== (there !== null))
              wrongs.push(`a clone that ended as ${status} is half there`);
            if (there !== null) {
              const { rows: counted } = await admin.query<{ count: number }>(
                `SELECT count(*)::int AS count FROM ${(await services.tenants.get(tenant_id)).tenant.schema_name}.announcements`,
              );
              if (counted[0]?.count !== rows) wrongs.push('a clone lacks rows');
              const removing = await services.lifecycle.purge(OPERATOR, tenant_id, subdomain);
              await settled(installation, removing);
            }
            return wrongs;
          },
        };
      },
    },
    purge: {
      async begin() {
        const subdomain = `finie-${(number += 1)}`;
        const gone = await makeSchool(installation, subdomain, { rows: 100, files: Math.min(files, 60) });
        const jobId = await services.lifecycle.purge(OPERATOR, gone, subdomain);
        return {
          jobId,
          async check(status) {
            const wrongs = await unharmed();
            if (status !== 'done') wrongs.push(`a purge ended as ${status}`);
            const { genuine, traces } = await services.lifecycle
              .erasure(gone)
              .catch(() => ({ genuine: false, traces: [] }));
            // Another process has another secret only where they do not share a data folder.
            if (!genuine || traces.length > 0) wrongs.push('an erasure is not proved');
            return wrongs;
          },
        };
      },
    },
  };

  const results: Result[] = [];
  const wrongs: Wrongs = [];
  for (const [name, round] of Object.entries(rounds)) {
    // One that nobody disturbs says how long it takes, and so within what time a kill falls into it.
    const began = performance.now();
    const { jobId, check } = await round.begin();
    const status = await settled(installation, jobId);
    const took = performance.now() - began;
    wrongs.push(...(await check(status ?? 'gone')).map((wrong) => `${name}, undisturbed: ${wrong}`));
    let again = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      progress(`${name}: kill ${kill + 1} of ${kills}`);
      const moment = randomInt(Math.max(20, Math.round(took)));
      const found = await killAt(installation, victim, round, moment);
      victim = found.next;
      if (found.status === 'done') again += 1;
      wrongs.push(...found.wrongs.map((wrong) => `${name}, killed after ${moment} ms: ${wrong}`));
    }
    results.push(
      figure(`${name}, undisturbed`, took, 'ms'),
      figure(`${name}: done after a kill`, again, `of ${kills}`),
    );
  }
  for (const line of wrongs) progress(line);
  return {
    versions: { postgresql: await serverVersion(installation.database.url) },
    results: [
      ...results,
      figure('kills', Object.keys(rounds).length * kills, 'kills'),
      exactly('schools damaged, halves and orphans left', wrongs.length, 0, 'findings'),
      exactly('the school at the end', (await digestOf(installation, id)) === intact ? 1 : 0, 1, 'intact'),
    ],
  };
};
