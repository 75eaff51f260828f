import type { TenantRef } from '@preau/tenancy';

/** What a row says of itself: whose it was meant to be, and as whom the database took it. */
export interface Watermark {
  mark: string;
  role: string;
  setting: string;
}

type Outcome = 'committed' | 'undone' | 'unknown';

/** Most findings that are kept: after that it is plain that something is wrong. */
const KEPT = 20;

/** What was done, what was seen, and all that was not as it must be. */
export class Ledger {
  /** Something of another school, or done as another school. One is too many. */
  readonly leaks: string[] = [];
  /** Commits that are not there, and rollbacks that are. */
  readonly losses: string[] = [];
  /** Failures that no fault explains. */
  readonly surprises: string[] = [];
  readonly counts: Record<string, number> = {};
  watermarks = 0;
  readonly #rows = new Map<string, { schema: string; outcome: Outcome }>();

  count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }

  leak(text: string): void {
    this.count('leaks');
    if (this.leaks.length < KEPT) this.leaks.push(text);
  }

  surprise(text: string): void {
    this.count('surprises');
    if (this.surprises.length < KEPT) this.surprises.push(text);
  }

  loss(text: string): void {
    this.count('losses');
    if (this.losses.length < KEPT) this.losses.push(text);
  }

  /** Checks rows that were read as a tenant. */
  see(where: string, tenant: TenantRef, rows: readonly Partial<Watermark>[]): void {
    for (const { mark, role, setting } of rows) {
      this.watermarks += 1;
      if (
        mark !== tenant.id ||
        (role !== undefined && role !== tenant.schemaName) ||
        (setting !== undefined && setting !== tenant.id)
      )
        this.leak(`${where}: ${tenant.schemaName} (${tenant.id}) saw ${mark} written as ${role}/${setting}`);
    }
  }

  wrote(tenant: TenantRef, ids: readonly string[], outcome: Outcome): void {
    for (const id of ids) this.#rows.set(id, { schema: tenant.schemaName, outcome });
  }

  /** Compares with the ids that are in a school in the end. */
  settle(tenant: TenantRef, found: ReadonlySet<string>): void {
    for (const [id, { schema, outcome }] of this.#rows) {
      if (schema !== tenant.schemaName) {
        if (found.has(id)) this.leak(`row ${id} of ${schema} is in ${tenant.schemaName}`);
      } else if (outcome === 'committed' && !found.has(id))
        this.loss(`committed row ${id} is missing in ${schema}`);
      else if (outcome === 'undone' && found.has(id)) this.loss(`undone row ${id} is in ${schema}`);
    }
  }
}
