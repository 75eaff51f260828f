import { measureAt } from '../fleet/measure-growth.ts';
import { growTo } from '../fleet/grow.ts';
import { measureMigration } from '../fleet/measure-migration.ts';
import { install } from '../installation.ts';
import { measureProvision } from '../measure-provision.ts';
import { measureTallLadder } from '../measure-tall-ladder.ts';
import { atMost, figure, type Result } from '../report.ts';
import type { Scenario } from '../scenario.ts';
import { serverVersion } from '../versions.ts';

const LONG = { sizes: [10, 1_000, 5_000], schools: 1_000, rounds: 5, looks: 20, times: 25, provisions: 25 };
const SHORT = { sizes: [5, 20, 40], schools: 20, rounds: 2, looks: 3, times: 3, provisions: 3 };

/** The fleet: what a school costs the tenth and the five-thousandth time, and what a migration of all costs. */
export const fleet: Scenario = async ({ short, endings, progress }) => {
  const { sizes, schools, rounds, looks, times, provisions } = short ? SHORT : LONG;
  progress('Starting the product');
  const installation = await install({ endings });
  const results: Result[] = [];
  const growth = [];
  for (const size of sizes) {
    progress(`${size} schools`);
    growth.push(await measureAt(installation, size, times));
    if (size !== schools) continue;
    progress(`Migrating ${size} schools`);
    await growTo(installation, schools);
    results.push(...(await measureMigration(installation, schools, { rounds, looks })));
  }
  progress('Provisioning');
  results.push(...(await measureProvision(installation, provisions)));
  results.push(...(await measureTallLadder(installation, provisions)));
  for (const { schools: size, creation, memory } of growth) {
    results.push(figure(`school number ${size}: creation`, creation, 'ms'));
    results.push(figure(`server with ${size} schools: resident memory`, memory, 'MB'));
  }
  const slowest = Math.max(...growth.map(({ creation }) => creation));
  const quickest = Math.min(...growth.map(({ creation }) => creation));
  results.push(atMost('creation, slowest to quickest size', slowest / quickest, 1.5));
  return { versions: { postgresql: await serverVersion(installation.postgres.url) }, results };
};
