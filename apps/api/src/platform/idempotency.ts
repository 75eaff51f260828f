import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Tenancy } from '@preau/tenancy';
import { AppError } from './app-error.ts';

export interface StoredAnswer {
  status: number;
  body: string;
}

export interface Idempotency {
  /** Claims a key. Answers what was answered before, or null for a request to be carried out now. */
  begin(actor: string, key: string, request: string): Promise<StoredAnswer | null>;
  /** Says that the request is still being carried out. */
  renew(actor: string, key: string): Promise<void>;
  /** Keeps the answer for the day. */
  finish(actor: string, key: string, answer: StoredAnswer): Promise<void>;
  /** Gives the key back: the request failed, and may be sent again. */
  release(actor: string, key: string): Promise<void>;
}

/** After so long without an answer the process that claimed a key is taken for dead. */
const LEASE = "interval '60 seconds'";
const KEPT = "interval '24 hours'";

/**
 * Remembers answers by `Idempotency-Key`, one namespace an actor. The same key with the same request gets the same answer,
 * with another request 422, and while the first is under way 409. Answers are encrypted at rest: some hold a secret that
 * is shown once.
 */
export function createIdempotency({ tenancy, secret }: { tenancy: Tenancy; secret: string }): Idempotency {
  const cipherKey = createHash('sha256').update(`idempotency:${secret}`).digest();

  function seal(text: string): string {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', cipherKey, iv);
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64');
  }

  function unseal(text: string): string {
    const bytes = Buffer.from(text, 'base64');
    const decipher = createDecipheriv('aes-256-gcm', cipherKey, bytes.subarray(0, 12));
    decipher.setAuthTag(bytes.subarray(12, 28));
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8');
  }

  return {
    async begin(actor, key, request) {
      if (key.length > 255) throw new AppError('bad_request');
      const fingerprint = createHash('sha256').update(request).digest();
      return tenancy.central(async ({ trx }) => {
        await trx.raw(`DELETE FROM public.idempotency_keys WHERE created_at < now() - ${KEPT}`);
        const { rows } = await trx.raw(
          `INSERT INTO public.idempotency_keys AS k (actor, key, fingerprint) VALUES (:actor, :key, :fingerprint)
           ON CONFLICT (actor, key) DO UPDATE SET created_at = now()
             WHERE k.status IS NULL AND k.created_at < now() - ${LEASE} AND k.fingerprint = :fingerprint
           RETURNING 1`,
          { actor, key, fingerprint },
        );
        if (rows.length > 0) return null;
        const found = (
          await trx.raw(
            'SELECT fingerprint, status, body FROM public.idempotency_keys WHERE actor = ? AND key = ?',
            [actor, key],
          )
        ).rows[0];
        if (found && !fingerprint.equals(found.fingerprint)) throw new AppError('idempotency_mismatch');
        if (!found || found.status === null)
          throw new AppError('idempotency_in_progress', { headers: { 'retry-after': '1' } });
        return { status: found.status, body: unseal(found.body) };
      });
    },
    renew: (actor, key) =>
      tenancy.central(async ({ trx }) => {
        await trx.raw(
          'UPDATE public.idempotency_keys SET created_at = now() WHERE actor = ? AND key = ? AND status IS NULL',
          [actor, key],
        );
      }),
    finish: (actor, key, { status, body }) =>
      tenancy.central(async ({ trx }) => {
        await trx.raw('UPDATE public.idempotency_keys SET status = ?, body = ? WHERE actor = ? AND key = ?', [
          status,
          seal(body),
          actor,
          key,
        ]);
      }),
    release: (actor, key) =>
      tenancy.central(async ({ trx }) => {
        await trx.raw('DELETE FROM public.idempotency_keys WHERE actor = ? AND key = ? AND status IS NULL', [
          actor,
          key,
        ]);
      }),
  };
}
