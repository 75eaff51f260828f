import { install } from '../installation.ts';
import { findLoadGenerator } from '../load.ts';
import { measureList } from '../measure-list.ts';
import { measureProvision } from '../measure-provision.ts';
import { measureTheme } from '../measure-theme.ts';
import { openSchool } from '../school.ts';
import type { Scenario } from '../scenario.ts';
import { serverVersion } from '../versions.ts';

/** The main job: a school's theme, a list of its rows, its provisioning. */
export const main: Scenario = async ({ short, endings, progress }) => {
  const rates = short
    ? { rounds: 1, seconds: 1, warmUpSeconds: 1 }
    : { rounds: 9, seconds: 2, warmUpSeconds: 3 };
  const load = findLoadGenerator();
  progress('Starting the product');
  const installation = await install({ endings });
  const school = await openSchool(installation, 'bench');
  progress('Theme');
  const theme = await measureTheme(installation, school, rates, load);
  progress('List');
  const list = await measureList(installation, school, rates, load);
  progress('Provisioning');
  const provision = await measureProvision(installation, short ? 5 : 40);
  return {
    versions: { postgresql: await serverVersion(installation.postgres.url), load: load.name },
    results: [...theme, ...list, ...provision],
  };
};
