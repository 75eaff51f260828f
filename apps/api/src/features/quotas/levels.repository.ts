import type { Language } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';

/** Per cent of which schools are told. */
export const LEVELS = [80, 95, 100] as const;

/** Something a school has so much of: in SQL, of its row `u` of what is used and its row `t` of what it may. */
export interface Quota {
  /** Names the audit rows: `storage.level`. */
  name: string;
  used: string;
  limit: string;
  /** The column that holds the level that was told last. */
  told: string;
  /** Kind of the mail to its administrators. */
  mail: string;
}

export interface PassedLevel {
  tenantId: string;
  before: number;
  level: number;
  used: number;
  limit: number;
}

/** Notes the level that schools have come to, each once; of one school where told. @returns those whose level has changed. */
export async function noteLevels(
  trx: CentralTrx,
  { used, limit, told }: Quota,
  tenantId: string | null,
): Promise<PassedLevel[]> {
  const { rows } = await trx.raw(
    `WITH now AS (
       SELECT u.tenant_id, u.${told} AS before, ${used} AS used, ${limit} AS limit,
         CASE ${LEVELS.toReversed()
           .map((level) => `WHEN ${used} * 100 >= ${limit} * ${level} THEN ${level}`)
           .join(' ')} ELSE 0 END AS level
       FROM public.tenant_usage u JOIN public.tenants t ON t.id = u.tenant_id
       ${tenantId === null ? '' : 'WHERE u.tenant_id = ?'}
     )
     UPDATE public.tenant_usage u SET ${told} = now.level FROM now
     WHERE u.tenant_id = now.tenant_id AND u.${told} = now.before AND now.level <> now.before
     RETURNING u.tenant_id, now.before, now.level, now.used, now.limit`,
    tenantId === null ? [] : [tenantId],
  );
  return rows.map(
    (row: { tenant_id: string; before: number; level: number; used: string; limit: string }) => ({
      tenantId: row.tenant_id,
      before: row.before,
      level: row.level,
      used: Number(row.used),
      limit: Number(row.limit),
    }),
  );
}

/** Who is told of a school's quotas, and in which language. */
export async function toldOf(
  trx: CentralTrx,
  tenantId: string,
): Promise<{ emails: string[]; language: Language }> {
  const { rows } = await trx.raw(
    `SELECT t.settings->>'language' AS language, array(
       SELECT u.email FROM public.memberships m JOIN public.users u ON u.id = m.user_id
       WHERE m.tenant_id = t.id AND m.role = 'admin' AND m.status = 'active' ORDER BY u.email LIMIT 20) AS emails
     FROM public.tenants t WHERE t.id = ?`,
    [tenantId],
  );
  return { emails: rows[0]?.emails ?? [], language: rows[0]?.language ?? 'fr' };
}
