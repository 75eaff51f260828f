import * as contracts from '@preau/contracts/classes';
import * as years from '@preau/contracts/school-years';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentClass, presentYear } from './roster.presenter.ts';

export const classRoutes = ({ classes }: Services): BoundRoute[] => [
  bind(contracts.listClasses, async (call) => {
    const { count, rows } = await classes.list(schoolOf(call), call.actor, call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentClass) };
  }),
  bind(contracts.createClass, async (call) => {
    const row = await classes.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/classes/${row.id}/`);
    return showVersion(call.reply, row.version, presentClass(row));
  }),
  bind(contracts.getClass, async (call) => {
    const row = await classes.get(schoolOf(call), call.actor, call.params.id);
    return withVersion(call, row.version, presentClass(row));
  }),
  bind(contracts.updateClass, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const row = await classes.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, presentClass(row));
  }),
  bind(contracts.deleteClass, async (call) => {
    await classes.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(contracts.setClassTeachers, async (call) =>
    presentClass(await classes.setTeachers(schoolOf(call), call.origin, call.params.id, call.body)),
  ),
];

export const yearRoutes = ({ schoolYears }: Services): BoundRoute[] => [
  bind(years.listSchoolYears, async (call) => {
    const { count, rows } = await schoolYears.list(schoolOf(call), call.query);
    return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentYear) };
  }),
  bind(years.createSchoolYear, async (call) => {
    const row = await schoolYears.create(schoolOf(call), call.origin, call.body);
    call.reply.header('location', `/api/v1/school-years/${row.id}/`);
    return showVersion(call.reply, row.version, presentYear(row));
  }),
  bind(years.getSchoolYear, async (call) => {
    const row = await schoolYears.get(schoolOf(call), call.params.id);
    return withVersion(call, row.version, presentYear(row));
  }),
  bind(years.updateSchoolYear, async (call) => {
    const { params, body, headers, origin, reply } = call;
    const row = await schoolYears.update(schoolOf(call), origin, params.id, body, expectedVersion(headers));
    return showVersion(reply, row.version, presentYear(row));
  }),
  bind(years.deleteSchoolYear, async (call) => {
    await schoolYears.remove(schoolOf(call), call.origin, call.params.id, expectedVersion(call.headers));
    return undefined;
  }),
  bind(years.makeYearCurrent, async (call) =>
    presentYear(await schoolYears.makeCurrent(schoolOf(call), call.origin, call.params.id)),
  ),
  bind(years.passToYear, (call) => schoolYears.pass(schoolOf(call), call.origin, call.params.id, call.body)),
];
