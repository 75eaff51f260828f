import type { TenantScope } from '@preau/tenancy';
import { keepGroup, keepGroupMembers } from '../groups/index.ts';
import { SchoolClass } from './roster.model.ts';

type Scope = Pick<TenantScope, 'trx' | 'tenant'>;

const SOURCE = 'class';
export const classSource = (id: string) => ({ source: SOURCE, sourceId: id });

/**
 * Keeps the groups of classes as the classes are: their students, who answers for them and may be written to, and their
 * teachers; those of them who have an account.
 */
export async function keepClassGroups(scope: Scope, classIds: Iterable<string>): Promise<void> {
  const { trx } = scope;
  for (const id of [...new Set(classIds)].toSorted()) {
    const { rows } = await trx.raw(
      `SELECT c.name, c.level, c.group_id, y.name AS year, array(
         SELECT p.user_id FROM tenant_api.people_of(array(
           SELECT e.student_id FROM enrolments e JOIN students s ON s.id = e.student_id
             WHERE e.class_id = c.id AND s.status = 'enrolled'
           UNION SELECT k.guardian_id FROM enrolments e JOIN students s ON s.id = e.student_id
             JOIN guardianships k ON k.student_id = e.student_id
             WHERE e.class_id = c.id AND s.status = 'enrolled' AND k.may_be_written_to
           UNION SELECT t.staff_id FROM class_teachers t WHERE t.class_id = c.id)) p) AS people
       FROM classes c JOIN school_years y ON y.id = c.school_year_id WHERE c.id = ?`,
      [id],
    );
    const row = rows[0] as
      | { name: string; level: string; group_id: string | null; year: string; people: string[] }
      | undefined;
    if (!row) continue;
    const groupId = await keepGroup(scope, {
      ...classSource(id),
      name: `${row.name} · ${row.year}`,
      description: row.level,
    });
    if (groupId !== row.group_id) await SchoolClass.query(trx).patch({ group_id: groupId }).where({ id });
    await keepGroupMembers(scope, groupId, row.people);
  }
}

/** Classes, of any year, that these records are in: as students, as those who answer for them, as teachers. */
export async function classesOfRecords({ trx }: Scope, records: readonly string[]): Promise<string[]> {
  const { rows } = await trx.raw(
    `SELECT class_id FROM enrolments WHERE student_id = ANY (:records::uuid[])
     UNION SELECT e.class_id FROM enrolments e JOIN guardianships k ON k.student_id = e.student_id
       WHERE k.guardian_id = ANY (:records::uuid[])
     UNION SELECT class_id FROM class_teachers WHERE staff_id = ANY (:records::uuid[])`,
    { records } as never,
  );
  return rows.map(({ class_id: id }: { class_id: string }) => id);
}

/** After a change of these records, or of their accounts. */
export const keepGroupsOf = async (scope: Scope, records: readonly string[]): Promise<void> =>
  keepClassGroups(scope, await classesOfRecords(scope, records));
