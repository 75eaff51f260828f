import type { Context } from './context.ts';
import type { CutLine } from '../../test/support/cut-line.ts';
import type { Ledger } from './ledger.ts';
import type { Kind } from './plan.ts';
import type { World } from './world.ts';

/** One after the other: two at once would mend what the other is about to cut. */
function cutOnce(world: World, line: CutLine, ledger: Ledger): Promise<void> {
  const before = world.cutting;
  const cut = async (): Promise<void> => {
    await before;
    await line.cut();
    await line.mend();
    ledger.count('lines cut');
  };
  return (world.cutting = cut());
}

/** What breaks on the way: a backend at the server, a line on either side of the pooler. */
export const FAULTS = {
  'kill backend': async ({ world, ledger, step }) => {
    const { rowCount } = await world.admin.query(
      `SELECT pg_terminate_backend(pid) FROM (
         SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND usename = 'preau' ORDER BY pid
         OFFSET $1 LIMIT 1) AS victim`,
      [step.die % 3],
    );
    if (rowCount) ledger.count('backends killed');
  },
  'cut line': ({ world, ledger }) => cutOnce(world, world.line, ledger),
  'cut server line': ({ world, ledger }) => cutOnce(world, world.serverLine, ledger),
} satisfies Partial<Record<Kind, (context: Context) => Promise<unknown>>>;
