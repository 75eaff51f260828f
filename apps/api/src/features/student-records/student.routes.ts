import * as people from '@preau/contracts/roster-people';
import type { RecordInvited } from '@preau/contracts/roster-fields';
import * as contracts from '@preau/contracts/students';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { rosterCsv } from './csv-answer.ts';
import type { InvitedRecord } from './record-account.service.ts';
import { presentGuardian, presentStaff, presentStudent, presentStudentRow } from './roster.presenter.ts';

const presentInvited = (
  { accounts }: Services,
  { primaryDomain }: TenantSnapshot,
  { status, email, token }: InvitedRecord,
): RecordInvited => ({
  status,
  email,
  invitation_url: token === null ? null : `${accounts.urlOf(primaryDomain)}/invitation/${token}`,
});

export const studentRoutes = ({ students }: Services): BoundRoute[] => [
  bind(contracts.listStudents, async (call) => {
    const { count, rows } = await students.list(schoolOf(call), call.actor, call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentStudentRow) };
  }),
  bind(contracts.createStudent, async (call) => {
    const detail = await students.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/students/${detail.student.id}/`);
    return showVersion(call.reply, detail.student.version, presentStudent(detail));
  }),
  bind(contracts.getSeats, async (call) => {
    const { used, room } = await students.seats(schoolOf(call));
    return { used, limit: room };
  }),
  bind(contracts.exportStudents, async (call) => {
    const rows = await students.exportRows(schoolOf(call), call.origin, call.query);
    call.reply.headers({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="eleves.csv"',
    });
    return rosterCsv(rows);
  }),
  bind(contracts.getStudent, async (call) => {
    const detail = await students.get(schoolOf(call), call.actor, call.params.id);
    return withVersion(call, detail.student.version, presentStudent(detail));
  }),
  bind(contracts.updateStudent, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const detail = await students.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, detail.student.version, presentStudent(detail));
  }),
  bind(contracts.deleteStudent, async (call) => {
    await students.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.enrolStudent, async (call) => {
    const { id, class: classId } = call.params;
    return presentStudent(await students.enrol(schoolOf(call), call.origin, id, classId));
  }),
  bind(contracts.unenrolStudent, async (call) => {
    await students.unenrol(schoolOf(call), call.origin, call.params.id, call.params.class);
    return undefined;
  }),
  bind(contracts.tieGuardian, async (call) => {
    const { id, guardian } = call.params;
    return presentStudent(await students.tieGuardian(schoolOf(call), call.origin, id, guardian, call.body));
  }),
  bind(contracts.untieGuardian, async (call) => {
    await students.untieGuardian(schoolOf(call), call.origin, call.params.id, call.params.guardian);
    return undefined;
  }),
];

/** Invitations from records, and the end of a tie. */
export const recordAccountRoutes = (services: Services): BoundRoute[] => {
  const { recordAccounts } = services;
  const kinds = [
    { kind: 'student', invite: contracts.inviteStudent, detach: contracts.detachStudent },
    { kind: 'guardian', invite: people.inviteGuardian, detach: people.detachGuardian },
    { kind: 'staff', invite: people.inviteStaff, detach: people.detachStaff },
  ] as const;
  return kinds.flatMap(({ kind, invite, detach }) => [
    bind(invite, async (call) => {
      const school = schoolOf(call);
      const { id } = call.params;
      return presentInvited(
        services,
        school,
        await recordAccounts.invite(school, call.origin, kind, id, call.body.email),
      );
    }),
    bind(detach, async (call) => {
      await recordAccounts.detach(schoolOf(call), call.origin, kind, call.params.id);
      return undefined;
    }),
  ]);
};

export const guardianRoutes = ({ guardians }: Services): BoundRoute[] => [
  bind(people.listGuardians, async (call) => {
    const { count, rows } = await guardians.list(schoolOf(call), call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentGuardian) };
  }),
  bind(people.createGuardian, async (call) => {
    const row = await guardians.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/guardians/${row.id}/`);
    return showVersion(call.reply, row.version, presentGuardian(row));
  }),
  bind(people.getGuardian, async (call) => {
    const row = await guardians.get(schoolOf(call), call.params.id);
    return withVersion(call, row.version, presentGuardian(row));
  }),
  bind(people.updateGuardian, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const row = await guardians.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, presentGuardian(row));
  }),
  bind(people.deleteGuardian, async (call) => {
    await guardians.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
];

export const staffRoutes = ({ staff }: Services): BoundRoute[] => [
  bind(people.listStaff, async (call) => {
    const { count, rows } = await staff.list(schoolOf(call), call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentStaff) };
  }),
  bind(people.createStaff, async (call) => {
    const row = await staff.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/staff/${row.id}/`);
    return showVersion(call.reply, row.version, presentStaff(row));
  }),
  bind(people.getStaff, async (call) => {
    const row = await staff.get(schoolOf(call), call.params.id);
    return withVersion(call, row.version, presentStaff(row));
  }),
  bind(people.updateStaff, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const row = await staff.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, presentStaff(row));
  }),
  bind(people.deleteStaff, async (call) => {
    await staff.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
];
