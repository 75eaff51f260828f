import { createHash } from 'node:crypto';
import type { AuditProblem } from '@preau/contracts/audit';
import type { Head, Link } from './chain.read-model.ts';

/** Bytes, a colon and the text of each field, or a hyphen for none: see the migration that hashes the same. */
const contentOf = (fields: readonly (string | null)[]): string =>
  fields.map((field) => (field === null ? '-' : `${Buffer.byteLength(field)}:${field}`)).join(',');

/**
 * Walks along one chain. It is reckoned here and not by the functions of the database, which a hand that can change rows can
 * change as well.
 */
export function createChainWalk(chain: string, tell: (problem: Omit<AuditProblem, 'tenant_id'>) => void) {
  let position = 0;
  let hash = '';
  const none = { seq: null, action: null, at: null };

  return {
    get position() {
      return position;
    },
    get hash() {
      return hash;
    },

    take(link: Link): void {
      const { seq, action } = link;
      const row = { seq: Number(seq), action, at: link.at?.toISOString() ?? null };
      const expected = position + 1;
      if (link.position > expected)
        tell({ kind: 'gap', ...none, position: expected, until: link.position - 1 });
      // After a gap nothing can be said of what came before it.
      else if (link.previous_hash !== hash) tell({ kind: 'relinked', ...row, position: link.position });
      position = link.position;
      hash = link.hash;
      if (link.fields === null) {
        tell({ kind: 'deleted', ...row, position });
        return;
      }
      const reckoned = createHash('sha256')
        .update(`${chain}|${position}|${link.previous_hash}|${contentOf(link.fields)}`)
        .digest('hex');
      if (reckoned !== link.hash) tell({ kind: 'changed', ...row, position });
    },

    /** Where the chain ends must be where its end is noted. A school's has at least one row: that it was made. */
    end(head: Pick<Head, 'position' | 'hash'>, ofSchool: boolean): void {
      const until = Math.max(head.position, ofSchool ? 1 : 0);
      if (until > position) tell({ kind: 'cut', ...none, position: position + 1, until });
      else if (head.position < position || head.hash !== hash)
        tell({ kind: 'head', ...none, position: head.position });
    },
  };
}
