import type { RoleRule } from '@preau/contracts/single-sign-on';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx } from '@preau/tenancy';

export interface ProviderRow {
  tenant_id: string;
  enabled: boolean;
  label: string;
  issuer: string;
  client_id: string;
  sealed_client_secret: string;
  scopes: string;
  role_claim: string;
  role_rules: RoleRule[];
  default_role: Exclude<SchoolRole, 'admin'> | null;
  creates_members: boolean;
  email_domains: string[];
  password_log_in: boolean;
  counts_as_second_factor: boolean;
  version: number;
}

export async function findProvider(
  trx: CentralTrx,
  tenantId: string,
  lock = false,
): Promise<ProviderRow | undefined> {
  const { rows } = await trx.raw(
    `SELECT * FROM public.single_sign_on WHERE tenant_id = ?${lock ? ' FOR UPDATE' : ''}`,
    [tenantId],
  );
  return rows[0];
}

export async function putProvider(trx: CentralTrx, row: Omit<ProviderRow, 'version'>): Promise<ProviderRow> {
  const values: Record<string, unknown> = { ...row, role_rules: JSON.stringify(row.role_rules) };
  const names = Object.keys(values);
  const { rows } = await trx.raw(
    `INSERT INTO public.single_sign_on AS s (${names.join(', ')}) VALUES (${names.map((name) => `:${name}`).join(', ')})
     ON CONFLICT (tenant_id) DO UPDATE SET version = s.version + 1,
       ${names.map((name) => `${name} = excluded.${name}`).join(', ')} RETURNING *`,
    values as never,
  );
  return rows[0];
}

export async function deleteProvider(trx: CentralTrx, tenantId: string): Promise<boolean> {
  const { rowCount } = await trx.raw('DELETE FROM public.single_sign_on WHERE tenant_id = ?', [tenantId]);
  return rowCount > 0;
}

export interface SignOnAttempt {
  stateHash: Buffer;
  tenantId: string;
  host: string;
  browserHash: Buffer;
  sealedVerifier: string;
  nonce: string;
}

export async function insertAttempt(trx: CentralTrx, attempt: SignOnAttempt, seconds: number): Promise<void> {
  // Anyone may begin: those that never ended go as new ones come.
  await trx.raw('DELETE FROM public.single_sign_on_attempts WHERE expires_at < now()');
  await trx.raw(
    `INSERT INTO public.single_sign_on_attempts
       (state_hash, tenant_id, host, browser_hash, sealed_verifier, nonce, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, now() + make_interval(secs => ?))`,
    [
      attempt.stateHash,
      attempt.tenantId,
      attempt.host,
      attempt.browserHash,
      attempt.sealedVerifier,
      attempt.nonce,
      seconds,
    ] as never,
  );
}

/** Takes one away, whoever comes with it; undefined unless it began in this browser, at this host of this school. */
export async function takeAttempt(
  trx: CentralTrx,
  known: Pick<SignOnAttempt, 'stateHash' | 'tenantId' | 'host' | 'browserHash'>,
): Promise<{ sealed_verifier: string; nonce: string } | undefined> {
  const { rows } = await trx.raw(
    `DELETE FROM public.single_sign_on_attempts WHERE state_hash = ?
     RETURNING sealed_verifier, nonce,
       tenant_id = ? AND host = ? AND browser_hash = ? AND expires_at > now() AS good`,
    [known.stateHash, known.tenantId, known.host, known.browserHash] as never,
  );
  return rows[0]?.good === true ? rows[0] : undefined;
}

interface Subject {
  tenantId: string;
  issuer: string;
  subject: string;
}

/** Who came with this subject before. */
export async function findLinked(
  trx: CentralTrx,
  { tenantId, issuer, subject }: Subject,
): Promise<string | undefined> {
  const { rows } = await trx.raw(
    `UPDATE public.external_identities SET last_used_at = now()
     WHERE tenant_id = ? AND issuer = ? AND subject = ? RETURNING user_id`,
    [tenantId, issuer, subject],
  );
  return rows[0]?.user_id;
}

export async function insertLink(
  trx: CentralTrx,
  { tenantId, issuer, subject }: Subject,
  userId: string,
): Promise<void> {
  await trx.raw(
    'INSERT INTO public.external_identities (tenant_id, issuer, subject, user_id) VALUES (?, ?, ?, ?)',
    [tenantId, issuer, subject, userId],
  );
}
