import { randomBytes, timingSafeEqual } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { Permission } from '@preau/contracts/permissions';
import { publishChange, type CentralScope, type CentralTrx, type Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditCentral, type KeyActor, type Origin } from '../audit/index.ts';
import { digest, newSecret } from '../identity/index.ts';
import { addressCheck } from './allowed-addresses.ts';
import {
  endKeyAt,
  findUsableKey,
  insertKey,
  listAllKeys,
  listKeys,
  lockKey,
  markRevoked,
  touchKey,
  type ApiKeyRow,
  type UsableKey,
} from './api-key.repository.ts';

export type ApiKeyService = ReturnType<typeof createApiKeyService>;

const TOUCH_EVERY = 60_000;
const OVERLAP_HOURS = 24;

interface KnownKey extends UsableKey {
  touchedAt: number;
  mayComeFrom: (address: string | null) => boolean;
}

export interface KeyInput {
  /** Null or left out: a key of the platform. */
  tenantId?: string | null;
  name: string;
  scopes: Permission[];
  expiresAt?: Date | null;
  allowedAddresses?: string[];
}

export interface MadeKey {
  row: ApiKeyRow;
  /** `prefix.secret`: in this answer and nowhere else. */
  key: string;
  secret: string;
}

/** API keys of the platform and of schools: `prefix.secret`, the secret hashed at rest. */
export function createApiKeyService({ tenancy }: { tenancy: Tenancy }) {
  // An expiry within the minute is checked on each use; a revocation is announced.
  const known = new LRUCache<string, KnownKey>({ max: 5_000, ttl: 60_000 });
  const elsewhere = new LRUCache<string, true>({ max: 5_000, ttl: 60_000 });
  // A key read before its revocation and kept after it would live on: what was read meanwhile is not kept.
  let generation = 0;
  // While revocations are not heard of, every request asks the database.
  let doubtful = false;

  const forget = (prefix: string): void => {
    generation += 1;
    known.delete(prefix);
  };

  async function load(prefix: string): Promise<KnownKey | undefined> {
    const cached = doubtful ? undefined : known.get(prefix);
    if (cached) return cached;
    const began = generation;
    const row = await tenancy.central(({ trx }) => findUsableKey(trx, prefix), { readOnly: true });
    if (!row) return undefined;
    const entry = {
      ...row,
      touchedAt: row.last_used_at?.getTime() ?? 0,
      mayComeFrom: addressCheck(row.allowed_addresses),
    };
    if (began === generation && !doubtful) known.set(prefix, entry);
    return entry;
  }

  const actorOf = (key: UsableKey): KeyActor => ({
    type: 'key',
    id: key.id,
    label: key.name,
    scopes: key.scopes,
    tenantId: key.tenant_id,
    lineage: key.lineage,
    host: key.host,
    expiresAt: key.expires_at,
  });

  /** Puts down, once a minute, that a key was used where it may not be; then refuses it. */
  async function refuse(
    key: KeyActor,
    origin: Origin,
    tenantId: string | null,
    code: 'wrong_host' | 'address_not_allowed',
  ): Promise<never> {
    const seen = `${key.id}|${tenantId}|${code}|${origin.ip}`;
    if (!elsewhere.has(seen)) {
      elsewhere.set(seen, true);
      await tenancy.central(({ trx }) =>
        auditCentral(trx, { ...origin, actor: key }, tenantId, {
          action: `api_key.${code}`,
          target: { type: 'api_key', id: key.id },
          before: { tenant_id: key.tenantId },
        }),
      );
    }
    throw new AppError(code);
  }

  async function insert(
    trx: CentralTrx,
    origin: Origin,
    input: KeyInput,
    lineage?: string,
  ): Promise<MadeKey> {
    const id = uuidv7();
    // Hexadecimal: one that began with a hyphen would be an option to the command that revokes it.
    const prefix = randomBytes(6).toString('hex');
    const secret = newSecret();
    const row = await insertKey(trx, {
      id,
      tenant_id: input.tenantId ?? null,
      lineage: lineage ?? id,
      name: input.name,
      prefix,
      secret_hash: digest(secret),
      scopes: input.scopes,
      allowed_addresses: input.allowedAddresses ?? [],
      created_by: origin.actor.label,
      expires_at: input.expiresAt ?? null,
    });
    return { row, key: `${prefix}.${secret}`, secret };
  }

  const told = ({ name, prefix, scopes, expires_at, allowed_addresses }: ApiKeyRow) => ({
    name,
    prefix,
    scopes,
    ...(expires_at ? { expires_at } : {}),
    ...(allowed_addresses.length > 0 ? { allowed_addresses } : {}),
  });

  async function announce({ trx, afterCommit }: CentralScope, prefix: string): Promise<void> {
    await publishChange(trx, { kind: 'key', id: prefix });
    afterCommit(() => forget(prefix));
  }

  async function lock(trx: CentralTrx, tenantId: string | null, id: string): Promise<ApiKeyRow> {
    const row = await lockKey(trx, tenantId, id);
    if (!row) throw new AppError('not_found');
    return row;
  }

  const assertSchool = async (trx: CentralTrx, tenantId: string | null): Promise<void> => {
    if (tenantId === null) return;
    const { rows } = await trx.raw('SELECT FROM public.tenants WHERE id = ? FOR KEY SHARE', [tenantId]);
    if (rows.length === 0) throw new AppError('not_found');
  };

  return {
    /** The key presented in a header, from an address. Throws `invalid_api_key` or `address_not_allowed`. */
    async authenticate(presented: string, origin: Origin): Promise<KeyActor> {
      const dot = presented.indexOf('.');
      const key = dot > 0 && presented.length <= 200 ? await load(presented.slice(0, dot)) : undefined;
      const genuine = key && timingSafeEqual(key.secret_hash, digest(presented.slice(dot + 1)));
      if (!genuine || (key.expires_at && key.expires_at.getTime() <= Date.now()))
        throw new AppError('invalid_api_key');
      const actor = actorOf(key);
      if (!key.mayComeFrom(origin.ip)) return refuse(actor, origin, actor.tenantId, 'address_not_allowed');
      if (Date.now() - key.touchedAt > TOUCH_EVERY) {
        key.touchedAt = Date.now();
        await tenancy.central(({ trx }) => touchKey(trx, key.id));
      }
      return actor;
    },

    /** A key of one school was presented on another's host: refused, and remembered there. */
    refuseWrongHost: (key: KeyActor, origin: Origin, tenantId: string): Promise<never> =>
      refuse(key, origin, tenantId, 'wrong_host'),

    /** Keys of a school, or of the platform. Throws `not_found` for a school that does not exist. */
    list: (tenantId: string | null = null) =>
      tenancy.central(
        async ({ trx }) => {
          const rows = await listKeys(trx, tenantId);
          if (rows.length === 0 && tenantId) {
            const { rows: schools } = await trx.raw('SELECT FROM public.tenants WHERE id = ?', [tenantId]);
            if (schools.length === 0) throw new AppError('not_found');
          }
          return rows;
        },
        { readOnly: true },
      ),
    listAll: () => tenancy.central(({ trx }) => listAllKeys(trx), { readOnly: true }),

    create: (origin: Origin, input: KeyInput): Promise<MadeKey> =>
      tenancy.central(async ({ trx }) => {
        const tenantId = input.tenantId ?? null;
        await assertSchool(trx, tenantId);
        const made = await insert(trx, origin, input);
        await auditCentral(trx, origin, tenantId, {
          action: 'api_key.create',
          target: { type: 'api_key', id: made.row.id },
          after: told(made.row),
        });
        return made;
      }),

    /** Makes the next key with the same rights; the former goes on for some hours, or until it would have expired. */
    rotate: (
      origin: Origin,
      tenantId: string | null,
      id: string,
      { overlapHours = OVERLAP_HOURS, expiresAt }: { overlapHours?: number; expiresAt?: Date | null } = {},
    ): Promise<MadeKey & { previousExpiresAt: Date }> =>
      tenancy.central(async (scope) => {
        const { trx } = scope;
        const former = await lock(trx, tenantId, id);
        const overlap = new Date(Date.now() + overlapHours * 3_600_000);
        const end = former.expires_at && former.expires_at < overlap ? former.expires_at : overlap;
        // As long a life as the former one was given, unless told.
        const life = former.expires_at && former.expires_at.getTime() - former.created_at.getTime();
        const next = expiresAt === undefined ? (life ? new Date(Date.now() + life) : null) : expiresAt;
        const made = await insert(
          trx,
          origin,
          {
            tenantId,
            name: former.name,
            scopes: former.scopes,
            expiresAt: next,
            allowedAddresses: former.allowed_addresses,
          },
          former.lineage,
        );
        await endKeyAt(trx, id, end);
        await auditCentral(trx, origin, tenantId, {
          action: 'api_key.rotate',
          target: { type: 'api_key', id },
          before: told(former),
          after: { ...told(made.row), id: made.row.id, previous_expires_at: end },
        });
        await announce(scope, former.prefix);
        return { ...made, previousExpiresAt: end };
      }),

    revoke: (origin: Origin, id: string, tenantId: string | null = null): Promise<void> =>
      tenancy.central(async (scope) => {
        const row = await lock(scope.trx, tenantId, id);
        await markRevoked(scope.trx, id);
        await auditCentral(scope.trx, origin, tenantId, {
          action: 'api_key.revoke',
          target: { type: 'api_key', id },
          before: { name: row.name, prefix: row.prefix },
        });
        await announce(scope, row.prefix);
      }),

    forget,
    /** A school has changed: its address may be another, or it is gone. */
    forgetTenant(tenantId: string): void {
      generation += 1;
      for (const [prefix, key] of known.entries()) if (key.tenant_id === tenantId) known.delete(prefix);
    },
    forgetAll(): void {
      generation += 1;
      known.clear();
    },
    /** Revocations are not heard of (true), or are again: as the feed of changes says. */
    distrust(doubt: boolean): void {
      doubtful = doubt;
    },
  };
}
