import type { StudentFilters } from '@preau/contracts/students';
import type { TenantTrx } from '@preau/tenancy';
import { folded } from '../../database/folded.ts';
import type { ImportColumn } from './import-columns.ts';
import { filtered } from './student.read-model.ts';
import type { Reach } from './reach.ts';

export type ExportedRow = Partial<Record<ImportColumn, string | null>>;

/** Students with their class and their first two guardians, in the columns of the import: what goes out can come in. */
export async function exportRows(
  trx: TenantTrx,
  reach: Reach,
  filters: StudentFilters,
): Promise<ExportedRow[]> {
  const { from, values } = filtered(reach, filters);
  const { rows } = await trx.raw(
    `SELECT s.external_id, s.last_name, s.first_name, to_char(s.birth_date, 'DD/MM/YYYY') AS birth_date, s.email, s.phone,
       s.address, c.name AS class,
       (SELECT jsonb_agg(to_jsonb(k) ORDER BY k.last_name, k.first_name) FROM (
          SELECT g.last_name, g.first_name, g.email, g.phone, t.relation FROM guardianships t
          JOIN guardians g ON g.id = t.guardian_id WHERE t.student_id = s.id ORDER BY g.last_name, g.first_name LIMIT 2) k) AS guardians
     ${from} ORDER BY ${folded('c.name')} NULLS LAST, ${folded('s.last_name')}, ${folded('s.first_name')}, s.id`,
    values as never,
  );
  return rows.map(({ guardians, ...row }: { guardians: Record<string, string>[] | null }) => {
    const line: ExportedRow = { ...row };
    for (const [at, guardian] of (guardians ?? []).entries())
      for (const [name, value] of Object.entries(guardian))
        line[`guardian${at + 1}_${name}` as ImportColumn] = value;
    return line;
  });
}
