import type { CentralTrx } from '@preau/tenancy';

export interface PasskeyRow {
  id: string;
  user_id: string;
  tenant_id: string | null;
  host: string;
  credential_id: string;
  public_key: Buffer;
  counter: number;
  transports: string[];
  backed_up: boolean;
  name: string;
  created_at: Date;
  last_used_at: Date | null;
}

/** As the driver reads it: a bigint may come as text. */
type ReadRow = Omit<PasskeyRow, 'counter'> & { counter: string | number };
const counted = (row: ReadRow): PasskeyRow => ({ ...row, counter: Number(row.counter) });

/** Keeps what is to be signed at a host: by a person who registers, or (null) by whoever logs in. */
export async function insertChallenge(
  trx: CentralTrx,
  challenge: { hash: Buffer; host: string; userId: string | null; seconds: number },
): Promise<void> {
  // Anyone may ask for one: those that nobody came back with go as new ones come.
  await trx.raw('DELETE FROM public.passkey_challenges WHERE expires_at < now()');
  await trx.raw(
    `INSERT INTO public.passkey_challenges (challenge_hash, host, user_id, expires_at)
     VALUES (?, ?, ?, now() + make_interval(secs => ?))`,
    [challenge.hash, challenge.host, challenge.userId, challenge.seconds] as never,
  );
}

/** Takes one away. @returns whether it was there for this host and person, and still good. */
export async function takeChallenge(
  trx: CentralTrx,
  { hash, host, userId }: { hash: Buffer; host: string; userId: string | null },
): Promise<boolean> {
  const { rows } = await trx.raw(
    `DELETE FROM public.passkey_challenges WHERE challenge_hash = ?
     RETURNING host = ? AND user_id IS NOT DISTINCT FROM ?::uuid AND expires_at > now() AS good`,
    [hash, host, userId] as never,
  );
  return rows[0]?.good === true;
}

/** Those of a person at one school, or (null) on the console. */
export async function passkeysOf(
  trx: CentralTrx,
  userId: string,
  tenantId: string | null,
): Promise<PasskeyRow[]> {
  const { rows } = await trx.raw(
    'SELECT * FROM public.passkeys WHERE user_id = ? AND tenant_id IS NOT DISTINCT FROM ?::uuid ORDER BY created_at',
    [userId, tenantId] as never,
  );
  return (rows as ReadRow[]).map(counted);
}

/** The passkey of a credential at a host, locked: of two uses at once one counts after the other. */
export async function lockPasskey(
  trx: CentralTrx,
  credentialId: string,
  host: string,
): Promise<PasskeyRow | undefined> {
  const { rows } = await trx.raw(
    'SELECT * FROM public.passkeys WHERE credential_id = ? AND host = ? FOR UPDATE',
    [credentialId, host],
  );
  return rows[0] && counted(rows[0]);
}

export async function insertPasskey(
  trx: CentralTrx,
  row: Omit<PasskeyRow, 'created_at' | 'last_used_at'>,
): Promise<PasskeyRow> {
  const { rows } = await trx.raw(
    `INSERT INTO public.passkeys
       (id, user_id, tenant_id, host, credential_id, public_key, counter, transports, backed_up, name)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?::text[], ?, ?) RETURNING *`,
    [
      row.id,
      row.user_id,
      row.tenant_id,
      row.host,
      row.credential_id,
      row.public_key,
      row.counter,
      row.transports,
      row.backed_up,
      row.name,
    ] as never,
  );
  return counted(rows[0]);
}

export async function countUse(
  trx: CentralTrx,
  id: string,
  { counter, backedUp }: { counter: number; backedUp: boolean },
): Promise<void> {
  await trx.raw('UPDATE public.passkeys SET counter = ?, backed_up = ?, last_used_at = now() WHERE id = ?', [
    counter,
    backedUp,
    id,
  ]);
}

interface OwnPasskey {
  id: string;
  userId: string;
  tenantId: string | null;
}

export async function renamePasskey(
  trx: CentralTrx,
  { id, userId, tenantId }: OwnPasskey,
  name: string,
): Promise<PasskeyRow | undefined> {
  const { rows } = await trx.raw(
    `UPDATE public.passkeys SET name = ? WHERE id = ? AND user_id = ? AND tenant_id IS NOT DISTINCT FROM ?::uuid
     RETURNING *`,
    [name, id, userId, tenantId] as never,
  );
  return rows[0] && counted(rows[0]);
}

export async function deletePasskey(
  trx: CentralTrx,
  { id, userId, tenantId }: OwnPasskey,
): Promise<PasskeyRow | undefined> {
  const { rows } = await trx.raw(
    'DELETE FROM public.passkeys WHERE id = ? AND user_id = ? AND tenant_id IS NOT DISTINCT FROM ?::uuid RETURNING *',
    [id, userId, tenantId] as never,
  );
  return rows[0] && counted(rows[0]);
}

export async function deletePasskeysOf(trx: CentralTrx, userId: string): Promise<number> {
  const { rowCount } = await trx.raw('DELETE FROM public.passkeys WHERE user_id = ?', [userId]);
  return rowCount;
}
