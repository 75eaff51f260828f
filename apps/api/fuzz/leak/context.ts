import type { TenantRef, TenantTrx } from '@preau/tenancy';
import type { Ledger, Watermark } from './ledger.ts';
import type { Step } from './plan.ts';
import type { FuzzedSchool, World } from './world.ts';

/** Thrown on purpose, so that its transaction is undone. */
export class Undo extends Error {}

export interface Context {
  world: World;
  ledger: Ledger;
  step: Step;
  school: FuzzedSchool;
  tenant: TenantRef;
  other: FuzzedSchool;
}

/** As whom, and on which path, a statement runs. */
export const IDENTITY = `current_setting('preau.tenant_id', true) AS mark, current_user AS role, current_schema() AS place`;

const codeOf = (error: unknown): string | undefined =>
  (error as { nativeError?: { code?: string }; code?: string }).nativeError?.code ??
  (error as { code?: string }).code;

export async function look({ ledger, step, tenant }: Context, trx: TenantTrx): Promise<void> {
  const { rows } = await trx.raw(
    `SELECT mark, role, setting FROM fuzz_pupils WHERE id >= ? ORDER BY id LIMIT 8`,
    [step.from],
  );
  ledger.see(step.kind, tenant, rows as Watermark[]);
}

export async function lookAround({ ledger, step, tenant }: Context, trx: TenantTrx): Promise<void> {
  const { rows } = await trx.raw(`SELECT ${IDENTITY}`);
  const [{ mark, role, place }] = rows;
  ledger.see(`${step.kind}: identity`, tenant, [{ mark, role }]);
  if (place !== tenant.schemaName) ledger.leak(`${step.kind}: ${tenant.schemaName} stands in ${place}`);
}

export const insert = ({ tenant }: Context, trx: TenantTrx, ids: readonly string[]) =>
  trx.raw(
    `INSERT INTO fuzz_pupils (id, mark) VALUES ${ids.map(() => '(?, ?)').join(', ')}`,
    ids.flatMap((id) => [id, tenant.id]),
  );

/** A write whose outcome is written down: who was told of a commit must find it, who was told of an undoing must not. */
export async function write(
  context: Context,
  ids: readonly string[],
  work: (trx: TenantTrx) => Promise<unknown>,
): Promise<void> {
  const { world, ledger, tenant } = context;
  try {
    await world.database.tenancy.write(tenant, ({ trx }) => work(trx));
    ledger.wrote(tenant, ids, 'committed');
  } catch (error) {
    ledger.wrote(tenant, ids, error instanceof Undo ? 'undone' : 'unknown');
    if (!(error instanceof Undo)) throw error;
    ledger.count('undone');
  }
}

/** What must be refused, and with which SQLSTATE. */
export async function mustFail(
  { ledger, step, tenant }: Context,
  code: string,
  what: string,
  work: () => PromiseLike<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (codeOf(error) !== code) throw error;
    return;
  }
  ledger.leak(`${step.kind}: ${what} was let through for ${tenant.schemaName}`);
}
