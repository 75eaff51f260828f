import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';
import { moduleIsOn } from '../tenants/index.ts';
import { keepGroupsOf } from './class-groups.ts';

export const IMPORT_STUDENTS = 'student_records.import';
export const KEEP_GROUPS = 'student_records.keep_groups';

const uuid = Type.String({ format: 'uuid' });

export const studentRecordJobs = [
  /**
   * Does a confirmed import. Begun again it goes on with the lines that are left; once the module is off, it does no more of
   * them.
   */
  defineJob({
    kind: IMPORT_STUDENTS,
    payload: Type.Object({ import_id: uuid }, { additionalProperties: false }),
    maxAttempts: 3,
    async handler({ tenantId, payload, origin, signal, progress }, { mediaCare, studentImports, tenancy }) {
      const tenant = tenantId === null ? null : await mediaCare.schoolOf(tenantId);
      if (!tenant) return null;
      return studentImports.run(tenant, origin, payload.import_id, {
        signal,
        mayGoOn: () => moduleIsOn(tenancy, tenant.id, 'student_records'),
        onLines: (done, total) => progress({ done, total, unit: 'lines' }),
      });
    },
    async onFailure({ tenantId, payload }, { mediaCare, studentImports }) {
      const tenant = tenantId === null ? null : await mediaCare.schoolOf(tenantId);
      if (tenant) await studentImports.fail(tenant, payload.import_id);
    },
  }),
  /**
   * Somebody's account has become, or is no more, that of a record: the groups of its classes follow. While the module is off
   * too: the groups are there still, and whoever lost the account must not stay in them.
   */
  defineJob({
    kind: KEEP_GROUPS,
    payload: Type.Object({ record_id: uuid }, { additionalProperties: false }),
    maxAttempts: 5,
    async handler({ tenantId, payload }, { mediaCare, tenancy }) {
      const tenant = tenantId === null ? null : await mediaCare.schoolOf(tenantId);
      if (tenant) await tenancy.write(tenant, (scope) => keepGroupsOf(scope, [payload.record_id]));
    },
  }),
];
