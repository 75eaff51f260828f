import type { JobStep } from '@preau/contracts/jobs';
import type { SignupQuery } from '@preau/contracts/signups';
import type { CentralTrx } from '@preau/tenancy';
import { PROVISION } from '../tenants/index.ts';
import type { SignupRow } from './signup.repository.ts';

export interface SignupProgress {
  /** Steps of the building, once it has begun. */
  building: readonly JobStep[];
  /** Where the school is, once it is there. */
  host: string | null;
  /** Whether the requester has become one of its members. */
  isMember: boolean;
}

/** How far the making of a request's school is. */
export async function readProgress(trx: CentralTrx, row: SignupRow): Promise<SignupProgress> {
  if (!row.tenant_id) return { building: [], host: null, isMember: false };
  const { rows } = await trx.raw(
    `SELECT
       (SELECT steps FROM public.jobs WHERE kind = :kind AND tenant_id = :tenant ORDER BY id DESC LIMIT 1) AS building,
       (SELECT domain FROM public.domains WHERE tenant_id = :tenant AND is_primary) AS host,
       EXISTS (SELECT FROM public.memberships m JOIN public.users u ON u.id = m.user_id
         WHERE m.tenant_id = :tenant AND u.email = :email AND m.status = 'active') AS is_member`,
    { kind: PROVISION, tenant: row.tenant_id, email: row.email } as never,
  );
  return { building: rows[0].building ?? [], host: rows[0].host, isMember: rows[0].is_member };
}

/** Addresses of those who decide. */
export async function superadminAddresses(trx: CentralTrx): Promise<string[]> {
  const { rows } = await trx.raw('SELECT email FROM public.users WHERE is_superadmin ORDER BY id LIMIT 50');
  return rows.map(({ email }: { email: string }) => email);
}

export interface SignupRequestRow extends SignupRow {
  subdomain_taken: boolean;
}

const TAKEN = `EXISTS (SELECT FROM public.tenants t WHERE t.subdomain = s.subdomain AND t.id IS DISTINCT FROM s.tenant_id)
  OR EXISTS (SELECT FROM public.domains d WHERE d.domain = s.subdomain || '.' || :base AND d.tenant_id IS DISTINCT FROM s.tenant_id)`;
const likeText = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

/** Those that wait first, longest first; the others latest first. */
export async function listSignupRows(
  trx: CentralTrx,
  { page = 1, page_size: size = 20, status, search }: SignupQuery,
  baseDomain: string,
): Promise<{ count: number; rows: SignupRequestRow[] }> {
  const text = search?.trim() ?? '';
  const conditions = [
    // What nobody has proved is nobody's request.
    status ? 's.status = :status' : "s.status <> 'asked'",
    ...(text === ''
      ? []
      : [
          '(s.email ILIKE :text OR s.full_name ILIKE :text OR s.school_name ILIKE :text OR s.subdomain ILIKE :text)',
        ]),
  ];
  const values = { status, text: likeText(text), base: baseDomain, size, skip: (page - 1) * size };
  const from = `FROM public.signups s WHERE ${conditions.join(' AND ')}`;
  const counted = await trx.raw(`SELECT count(*)::int AS count ${from}`, values as never);
  const listed = await trx.raw(
    `SELECT s.*, ${TAKEN} AS subdomain_taken ${from}
     ORDER BY s.status <> 'waiting', CASE WHEN s.status = 'waiting' THEN s.submitted_at END,
       coalesce(s.decided_at, s.created_at) DESC, s.id LIMIT :size OFFSET :skip`,
    values as never,
  );
  return { count: counted.rows[0].count, rows: listed.rows };
}

export async function getSignupRow(
  trx: CentralTrx,
  id: string,
  baseDomain: string,
): Promise<SignupRequestRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT s.*, ${TAKEN} AS subdomain_taken FROM public.signups s WHERE s.id = :id`,
    { id, base: baseDomain } as never,
  );
  return rows[0];
}
