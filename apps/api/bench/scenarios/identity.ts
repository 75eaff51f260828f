import { measureLogIn } from '../identity/measure-log-in.ts';
import { measureSession } from '../identity/measure-session.ts';
import { install } from '../installation.ts';
import { findLoadGenerator } from '../load.ts';
import type { Scenario } from '../scenario.ts';
import { openSchool } from '../school.ts';
import { serverVersion } from '../versions.ts';

/** Getting in, and being known: what both cost beyond what they must. */
export const identity: Scenario = async ({ short, endings, progress }) => {
  const effort = short
    ? { rounds: 1, seconds: 1, warmUpSeconds: 1 }
    : { rounds: 15, seconds: 1, warmUpSeconds: 3 };
  const load = findLoadGenerator();
  progress('Starting the product');
  const installation = await install({ endings });
  const school = await openSchool(installation, 'bench');
  progress('Requests with and without a session');
  const session = await measureSession(installation, school, effort, load);
  progress('Log-in');
  const logIn = await measureLogIn(installation, school, short ? 5 : 60);
  return {
    versions: { postgresql: await serverVersion(installation.postgres.url), load: load.name },
    results: [...session, ...logIn],
  };
};
