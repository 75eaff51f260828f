import * as contracts from '@preau/contracts/directory';
import * as networks from '@preau/contracts/networks';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { sendContent } from '../media/index.ts';
import { agendaCalendar } from './agenda-calendar.ts';
import { presentEntry, presentProfile } from './directory.presenter.ts';

/** What visitors read may be kept by who stands between for so long: a school that leaves is gone then, too. */
const SHORTLY = 'public, max-age=0, must-revalidate';
const FOR_EVER = 'public, max-age=31536000, immutable';

export const publicDirectoryRoutes = ({ federation, storage, base }: Services): BoundRoute[] => [
  bind(contracts.listDirectory, async (call) => {
    const { count, rows } = await federation.list(call.tenant, call.query);
    void call.reply.header('cache-control', SHORTLY);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentProfile(row, base)),
    };
  }),
  bind(contracts.getDirectoryEntry, async (call) => {
    void call.reply.header('cache-control', SHORTLY);
    return presentProfile(await federation.get(call.tenant, call.params.school), base);
  }),
  bind(contracts.getDirectoryPicture, async (call) => {
    const { school, picture, variant } = call.params;
    const accept = call.headers['accept'] as string | undefined;
    const content = await federation.picture(call.tenant, school, picture, variant, accept);
    const exact = call.query.v !== undefined && content.etag.includes(call.query.v);
    return sendContent(storage, call, content, { cacheControl: exact ? FOR_EVER : 'public, no-cache' });
  }),
  bind(contracts.listAgenda, async (call) => {
    const { count, rows } = await federation.agenda(call.tenant, call.query);
    void call.reply.header('cache-control', SHORTLY);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentEntry(row, base)),
    };
  }),
  bind(contracts.getAgendaCalendar, async (call) => {
    const rows = await federation.calendar(call.tenant, call.query);
    void call.reply.type('text/calendar; charset=utf-8').header('cache-control', 'public, max-age=300');
    return agendaCalendar(rows, call.tenant?.name ?? 'Préau', base);
  }),
];

export const networkRoutes = ({ federation, memberships, profiles, base }: Services): BoundRoute[] => [
  bind(networks.listMemberships, (call) => memberships.list(schoolOf(call))),
  bind(networks.askMembership, (call) => memberships.ask(schoolOf(call), call.origin, call.body)),
  bind(networks.acceptMembership, (call) => memberships.accept(schoolOf(call), call.origin, call.params.id)),
  bind(networks.endMembership, async (call) => {
    await memberships.end(schoolOf(call), call.origin, call.params.id);
    return undefined;
  }),
  bind(networks.getOwnProfile, async (call) => {
    const { profile, version } = await profiles.get(schoolOf(call).id);
    return withVersion(call, version, profile);
  }),
  bind(networks.updateOwnProfile, async (call) => {
    const { profile, version } = await profiles.update(
      schoolOf(call).id,
      call.origin,
      call.body,
      expectedVersion(call.headers),
    );
    return showVersion(call.reply, version, profile);
  }),
  bind(networks.listNetworkAgenda, async (call) => {
    const { count, rows } = await federation.networkAgenda(schoolOf(call), call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentEntry(row, base)),
    };
  }),
  bind(networks.listNetworkDirectory, async (call) => {
    const { count, rows } = await federation.networkDirectory(schoolOf(call), call.query);
    return {
      count,
      ...pageLinks(call.reply, call.query, count),
      results: rows.map((row) => presentProfile(row, base)),
    };
  }),
];
