import type { Actor } from '../audit/index.ts';

/** Whose records somebody may read: everybody's, or those that their own record leads to. */
export interface Reach {
  all: boolean;
  /** Also the students of the classes that they teach. */
  teaches: boolean;
  userId: string | null;
}

export function reachOf(actor: Actor): Reach {
  const all =
    actor.type !== 'user' ||
    actor.support !== undefined ||
    actor.role === 'admin' ||
    actor.role === 'staff' ||
    actor.role === 'superadmin';
  return {
    all,
    teaches: actor.type === 'user' && actor.role === 'teacher',
    userId: actor.type === 'user' ? actor.id : null,
  };
}

/** SQL of the ids of the students that somebody reaches: in each row of theirs, never in the program alone. */
const REACHED = `
  SELECT r.record_id FROM tenant_api.record_of(:me::uuid) r WHERE r.record_kind = 'student' AND r.role = 'student'
  UNION SELECT k.student_id FROM tenant_api.record_of(:me::uuid) r JOIN guardianships k ON k.guardian_id = r.record_id
    WHERE r.record_kind = 'guardian'
  UNION SELECT e.student_id FROM tenant_api.record_of(:me::uuid) r JOIN class_teachers ct ON ct.staff_id = r.record_id
    JOIN enrolments e ON e.class_id = ct.class_id
    JOIN school_years y ON y.id = e.school_year_id AND y.is_current
    WHERE r.record_kind = 'staff' AND r.role = 'teacher'`;

/** A condition on the students `s`, with the binding `me`. */
export const reachedStudents = ({ all }: Reach): string => (all ? 'true' : `s.id IN (${REACHED})`);

/** A condition on the classes `c`: those that they teach, and those of the students that they reach. */
export const reachedClasses = ({ all }: Reach): string =>
  all
    ? 'true'
    : `(c.id IN (SELECT ct.class_id FROM tenant_api.record_of(:me::uuid) r JOIN class_teachers ct ON ct.staff_id = r.record_id
         WHERE r.record_kind = 'staff' AND r.role = 'teacher')
       OR c.id IN (SELECT e.class_id FROM enrolments e WHERE e.student_id IN (${REACHED})))`;
