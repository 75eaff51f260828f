import { storagePrefix, type Tenancy } from '@preau/tenancy';
import type { Storage } from '../../platform/storage/storage.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import { correctLedger, heldKeys, type CaredSchool } from './care.read-model.ts';
import { roomOf } from './ledger.repository.ts';
import { storedOf } from './media.read-model.ts';

export interface StorageFinding {
  /**
   * `missing`: written down and not in the store. `size`: there with another size. `orphan`: in the store and nobody's.
   * `ledger`: the ledger says another sum. `reserved`: it promises another sum than there are reservations.
   */
  kind: 'missing' | 'size' | 'orphan' | 'ledger' | 'reserved';
  key: string | null;
  expected: number;
  found: number;
  repaired: boolean;
}

export interface StorageReport {
  tenant_id: string;
  subdomain: string;
  files: number;
  row_bytes: number;
  stored_bytes: number;
  ledger_bytes: number;
  reserved_bytes: number;
  findings: StorageFinding[];
}

/** A file this young may be one whose upload began after its reservations were read. */
const YOUNG = 10 * 60_000;
const TRIES = 20;

/** Proves that three accounts of a school's files agree: what is written down, what is in the store, and what the ledger says. */
export function createStorageVerifier({ tenancy, storage }: { tenancy: Tenancy; storage: Storage }) {
  const ledgerOf = (school: CaredSchool) =>
    tenancy.central(
      async ({ trx }) => ({ room: await roomOf(trx, school.id), held: await heldKeys(trx, school.id) }),
      { readOnly: true },
    );

  /** The rows and what the ledger said before and after they were read: of one moment, though nobody was made to wait. */
  async function accounts(school: CaredSchool) {
    for (let tried = 1; ; tried += 1) {
      const before = await ledgerOf(school);
      const rows = await tenancy.read(school, ({ trx }) => storedOf(trx));
      const { room, held } = await ledgerOf(school);
      const still =
        before.room.used === room.used &&
        before.room.reserved === room.reserved &&
        before.held.bytes === held.bytes;
      if (still || tried === TRIES) return { rows, room, held };
    }
  }

  /** What is wrong with the store by a first look; what comes and goes meanwhile is looked at again. */
  async function compare(
    school: CaredSchool,
    rows: { key: string; bytes: number }[],
    held: ReadonlySet<string>,
  ) {
    const findings: StorageFinding[] = [];
    let stored = 0;
    const wanted = rows[Symbol.iterator]();
    let next = wanted.next();
    const note = (kind: StorageFinding['kind'], key: string, expected: number, found: number) =>
      findings.push({ kind, key, expected, found, repaired: false });
    for await (const { key, bytes } of storage.keys(storagePrefix(school))) {
      if (!held.has(key)) stored += bytes;
      for (; !next.done && next.value.key < key; next = wanted.next())
        note('missing', next.value.key, next.value.bytes, 0);
      if (!next.done && next.value.key === key) {
        if (next.value.bytes !== bytes) note('size', key, next.value.bytes, bytes);
        next = wanted.next();
      } else if (!held.has(key)) note('orphan', key, 0, bytes);
    }
    for (; !next.done; next = wanted.next()) note('missing', next.value.key, next.value.bytes, 0);
    return { findings, stored };
  }

  async function stillSo(school: CaredSchool, findings: StorageFinding[]): Promise<StorageFinding[]> {
    if (findings.length === 0) return findings;
    const { rows, held } = await accounts(school);
    const written = new Map(rows.map(({ key, bytes }) => [key, bytes]));
    const kept: StorageFinding[] = [];
    for (const finding of findings) {
      const key = finding.key ?? '';
      const there = await storage.stat(key);
      const expected = written.get(key);
      const young = there !== undefined && Date.now() - there.modifiedAt.getTime() < YOUNG;
      const so =
        finding.kind === 'orphan'
          ? there !== undefined && expected === undefined && !held.keys.includes(key) && !young
          : expected !== undefined && there?.bytes !== expected;
      if (so) kept.push(finding);
    }
    return kept;
  }

  return {
    async verify(
      school: CaredSchool,
      origin: Origin,
      { repair = false }: { repair?: boolean } = {},
    ): Promise<StorageReport> {
      const { rows, room, held } = await accounts(school);
      const sum = rows.reduce((total, { bytes }) => total + bytes, 0);
      const compared = await compare(school, rows, new Set(held.keys));
      const findings = await stillSo(school, compared.findings);
      const ledger = (kind: 'ledger' | 'reserved', expected: number, found: number) =>
        expected !== found && findings.push({ kind, key: null, expected, found, repaired: false });
      ledger('ledger', sum, room.used);
      ledger('reserved', held.bytes, room.reserved);
      if (repair && findings.length > 0) {
        for (const finding of findings) {
          if (finding.kind !== 'orphan' || finding.key === null) continue;
          await storage.remove(finding.key);
          finding.repaired = true;
        }
        await tenancy.central(async ({ trx }) => {
          if (findings.some(({ kind }) => kind === 'ledger' || kind === 'reserved')) {
            const corrected = await correctLedger(trx, school.id, { used: sum, reserved: held.bytes });
            for (const finding of findings)
              if (finding.kind === 'ledger' || finding.kind === 'reserved') finding.repaired = corrected;
          }
          await auditCentral(trx, origin, school.id, {
            action: 'storage.repair',
            target: { type: 'tenant', id: school.id },
            after: { findings: findings.slice(0, 100), more: Math.max(0, findings.length - 100) },
          });
        });
      }
      return {
        tenant_id: school.id,
        subdomain: school.subdomain,
        files: rows.length,
        row_bytes: sum,
        stored_bytes: compared.stored,
        ledger_bytes: room.used,
        reserved_bytes: room.reserved,
        findings,
      };
    },
  };
}
export type StorageVerifier = ReturnType<typeof createStorageVerifier>;
