import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Permission } from '@preau/contracts/permissions';
import { publishChange, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type KeyActor, type Origin } from '../audit/index.ts';
import { digest, newSecret } from '../identity/index.ts';
import {
  findUsableKey,
  insertKey,
  listKeys,
  revokeKey,
  touchKey,
  type ApiKeyRow,
} from './api-key.repository.ts';

export type ApiKeyService = ReturnType<typeof createApiKeyService>;

const TOUCH_EVERY = 60_000;

/** Platform API keys: `prefix.secret`, the secret hashed at rest. */
export function createApiKeyService({ tenancy }: { tenancy: Tenancy }) {
  // An expiry within the minute is checked on each use; a revocation is announced.
  const known = new LRUCache<string, ApiKeyRow & { touchedAt: number }>({ max: 5_000, ttl: 60_000 });
  // A key read before its revocation and kept after it would live on: what was read meanwhile is not kept.
  let generation = 0;

  const forget = (prefix: string): void => {
    generation += 1;
    known.delete(prefix);
  };

  async function load(prefix: string): Promise<(ApiKeyRow & { touchedAt: number }) | undefined> {
    const cached = known.get(prefix);
    if (cached) return cached;
    const began = generation;
    const row = await tenancy.central(({ trx }) => findUsableKey(trx, prefix), { readOnly: true });
    if (!row) return undefined;
    const entry = { ...row, touchedAt: row.last_used_at?.getTime() ?? 0 };
    if (began === generation) known.set(prefix, entry);
    return entry;
  }

  return {
    /** The key presented in a header. Throws `invalid_api_key`. */
    async authenticate(presented: string): Promise<KeyActor> {
      const dot = presented.indexOf('.');
      const key = dot > 0 && presented.length <= 200 ? await load(presented.slice(0, dot)) : undefined;
      const genuine = key && timingSafeEqual(key.secret_hash, digest(presented.slice(dot + 1)));
      if (!genuine || (key.expires_at && key.expires_at.getTime() <= Date.now()))
        throw new AppError('invalid_api_key');
      if (Date.now() - key.touchedAt > TOUCH_EVERY) {
        key.touchedAt = Date.now();
        await tenancy.central(({ trx }) => touchKey(trx, key.id));
      }
      return { type: 'key', id: key.id, label: key.name, scopes: key.scopes };
    },

    list: () => tenancy.central(({ trx }) => listKeys(trx), { readOnly: true }),

    /** Makes a key. The secret is in the answer and nowhere else. */
    async create(origin: Origin, input: { name: string; scopes: Permission[]; expiresAt?: Date | null }) {
      // Hexadecimal: one that began with a hyphen would be an option to the command that revokes it.
      const prefix = randomBytes(6).toString('hex');
      const secret = newSecret();
      const row = await tenancy.central(async ({ trx }) => {
        const created = await insertKey(trx, {
          id: uuidv7(),
          name: input.name,
          prefix,
          secret_hash: digest(secret),
          scopes: input.scopes,
          expires_at: input.expiresAt ?? null,
        });
        await auditCentral(trx, origin, null, {
          action: 'api_key.create',
          target: { type: 'api_key', id: created.id },
          after: { name: input.name, prefix, scopes: input.scopes },
        });
        return created;
      });
      return { row, key: `${prefix}.${secret}`, secret };
    },

    async revoke(origin: Origin, id: string): Promise<void> {
      await tenancy.central(async ({ trx, afterCommit }) => {
        const prefix = await revokeKey(trx, id);
        if (!prefix) throw new AppError('not_found');
        await auditCentral(trx, origin, null, {
          action: 'api_key.revoke',
          target: { type: 'api_key', id },
          before: { prefix },
        });
        await publishChange(trx, { kind: 'key', id: prefix });
        afterCommit(() => forget(prefix));
      });
    },

    forget,
    forgetAll(): void {
      generation += 1;
      known.clear();
    },
  };
}
