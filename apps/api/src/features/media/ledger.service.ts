import type { Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import type { Storage } from '../../platform/storage/storage.ts';
import type { Quota, QuotaLevels } from '../quotas/index.ts';
import {
  abandonClaim,
  claimRoom,
  nextAbandoned,
  releaseClaim,
  renewClaim,
  roomOf,
  STORAGE_LIMIT,
  type Room,
} from './ledger.repository.ts';
import { STORAGE_LEVEL } from './media.mails.ts';

export type StorageLedger = ReturnType<typeof createStorageLedger>;

const RENEWED_EVERY = 15_000;
const FIRST_SLICE = 1024 ** 2;
const LARGEST_SLICE = 8 * FIRST_SLICE;

/** Room that an upload holds while its bytes come in. */
export interface Reservation {
  readonly id: string;
  /** Where it is about to store something: told first, so that it is found should this process die. */
  storesAt(key: string): Promise<void>;
  /** Makes sure that so many bytes are held. Answers at once when they are. Throws `quota_exceeded`. */
  cover(bytes: number): Promise<void> | undefined;
  /** No more is to be done here: it was confirmed. */
  end(): void;
  /** Removes what was stored and gives the room back. */
  undo(): Promise<void>;
}

export interface LedgerOptions {
  tenancy: Tenancy;
  storage: Storage;
  levels: QuotaLevels;
  onError: (error: unknown) => void;
}

const STORAGE: Quota = {
  name: 'storage',
  used: 'u.storage_bytes',
  limit: STORAGE_LIMIT,
  told: 'storage_told',
  mail: STORAGE_LEVEL,
};

/** What schools' files take: room is held before bytes land, and is either confirmed with the files or given back. */
export function createStorageLedger({ tenancy, storage, levels, onError }: LedgerOptions) {
  const room = (tenantId: string): Promise<Room> =>
    tenancy.central(({ trx }) => roomOf(trx, tenantId), { readOnly: true });

  /** Removes the files of abandoned reservations and gives their room back, one at a time. */
  async function sweep(tenantId?: string): Promise<{ released: number; removed: number }> {
    let released = 0;
    let removed = 0;
    for (;;) {
      const keys = await tenancy.central(async ({ trx }) => {
        const abandoned = await nextAbandoned(trx, tenantId);
        if (!abandoned) return null;
        for (const key of abandoned.keys) await storage.remove(key);
        await releaseClaim(trx, abandoned.id);
        return abandoned.keys;
      });
      if (!keys) return { released, removed };
      released += 1;
      removed += keys.length;
    }
  }

  async function refuse(tenantId: string, asked: number): Promise<never> {
    const { used, reserved, limit } = await room(tenantId);
    const told = { limit, used: used + reserved, asked };
    throw new AppError('quota_exceeded', { details: told, extensions: told });
  }

  /** @param announced bytes that are known to come; room for all of them is taken at once, or none. */
  async function reserve(tenantId: string, announced: number | null): Promise<Reservation> {
    const id = uuidv7();
    const keys: string[] = [];
    let held = 0;
    let slice = FIRST_SLICE;
    const claim = (bytes: number, key?: string): Promise<boolean> =>
      tenancy.central(({ trx }) => claimRoom(trx, { id, tenantId, bytes, key }));

    /** What is abandoned already must not stand in anybody's way. */
    const claimAfterSweep = async (bytes: number): Promise<boolean> =>
      (await claim(bytes)) || ((await sweep(tenantId)).released > 0 && (await claim(bytes)));

    async function extend(total: number): Promise<void> {
      const needed = total - held;
      // The size that was announced is to the byte; of what comes unannounced, some is held ahead.
      if (announced === null && needed < slice && (await claim(slice))) {
        held += slice;
        slice = Math.min(slice * 2, LARGEST_SLICE);
        return;
      }
      if (!(await claimAfterSweep(needed))) await refuse(tenantId, Math.max(total, announced ?? 0));
      held += needed;
    }

    if (!(await claimAfterSweep(announced ?? 0))) await refuse(tenantId, announced ?? 0);
    held = announced ?? 0;
    const renewal = setInterval(() => {
      tenancy.central(({ trx }) => renewClaim(trx, id)).catch(onError);
    }, RENEWED_EVERY).unref();

    return {
      id,
      async storesAt(key) {
        keys.push(key);
        if (!(await claim(0, key))) await refuse(tenantId, announced ?? 0);
      },
      cover: (bytes) => (bytes <= held ? undefined : extend(bytes)),
      end: () => clearInterval(renewal),
      async undo() {
        clearInterval(renewal);
        // Also what was stored after the reservation had run out and was swept.
        for (const key of keys) await storage.remove(key);
        await tenancy.central(({ trx }) => abandonClaim(trx, id));
        await sweep(tenantId);
      },
    };
  }

  return {
    room,
    reserve,
    sweep,

    /** Tells schools that little room is left, or none. Of one school, or of all. */
    tell: (tenantId: string | null = null): Promise<void> => levels.tell(STORAGE, tenantId),
  };
}
