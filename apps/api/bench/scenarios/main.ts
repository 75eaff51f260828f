import { compareRates } from '../compare.ts';
import { install } from '../installation.ts';
import { listComparison } from '../list-comparison.ts';
import { findLoadGenerator } from '../load.ts';
import { measureProvision } from '../measure-provision.ts';
import { measureTallLadder } from '../measure-tall-ladder.ts';
import { openSchool } from '../school.ts';
import type { Scenario } from '../scenario.ts';
import { themeComparison } from '../theme-comparison.ts';
import { serverVersion } from '../versions.ts';

/** The main job: a school's theme, a list of its rows, its provisioning. */
export const main: Scenario = async ({ short, endings, progress }) => {
  const rates = short
    ? { rounds: 1, seconds: 1, warmUpSeconds: 1 }
    : { rounds: 15, seconds: 1, warmUpSeconds: 3 };
  const load = findLoadGenerator();
  progress('Starting the product');
  const installation = await install({ endings });
  const school = await openSchool(installation, 'bench');
  progress('Theme');
  const theme = await compareRates(
    await themeComparison(installation, school),
    rates,
    load,
    installation.accessLog,
  );
  progress('List');
  const list = await compareRates(
    await listComparison(installation, school),
    rates,
    load,
    installation.accessLog,
  );
  progress('Provisioning');
  const provision = await measureProvision(installation, short ? 5 : 40);
  const tall = await measureTallLadder(installation, short ? 2 : 20);
  return {
    versions: { postgresql: await serverVersion(installation.postgres.url), load: load.name },
    results: [...theme, ...list, ...provision, ...tall],
  };
};
