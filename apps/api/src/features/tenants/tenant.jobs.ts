import { Type } from 'typebox';
import { defineJob } from '../jobs/index.ts';
import { BulkPayload } from './tenant-bulk.service.ts';
import { BULK, PROVISION, REMOVE_FILES } from './job-kinds.ts';

const Payload = Type.Object({ tenant_id: Type.String() }, { additionalProperties: false });

/** What goes on when the process that began it has died. */
export const tenantJobs = [
  defineJob({
    kind: PROVISION,
    payload: Payload,
    maxAttempts: 5,
    handler: (run, { provisioning }) => provisioning.resume(run),
    onFailure: (run, { provisioning }) => provisioning.giveUp(run),
  }),
  defineJob({
    kind: REMOVE_FILES,
    payload: Type.Object(
      { tenant_id: Type.String(), schema_name: Type.Optional(Type.String()) },
      { additionalProperties: false },
    ),
    maxAttempts: 20,
    handler: (run, { lifecycle }) => lifecycle.removeFiles(run),
  }),
  defineJob({
    kind: BULK,
    payload: BulkPayload,
    maxAttempts: 3,
    handler: (run, { tenantBulk }) => tenantBulk.run(run),
  }),
];
