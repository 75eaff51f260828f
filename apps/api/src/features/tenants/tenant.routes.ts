import type { FastifyReply } from 'fastify';
import * as bulkContracts from '@preau/contracts/tenant-bulk';
import * as lifecycleContracts from '@preau/contracts/tenant-lifecycle';
import * as settingsContracts from '@preau/contracts/tenant-settings';
import * as statsContracts from '@preau/contracts/tenant-stats';
import * as contracts from '@preau/contracts/tenants';
import { FIELD_ERRORS, ERRORS, fillSentence } from '@preau/contracts/error-codes';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { assertMay } from '../audit/index.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { tenantStats } from './stats.read-model.ts';
import { tenantsAsCsv } from './tenant-csv.ts';
import { presentFirstAdmin, presentProvisioned, presentTenant } from './tenant.presenter.ts';
import type { TenantDetail } from './tenant.read-model.ts';

export const tenantRoutes = ({
  tenants,
  tenantBulk,
  lifecycle,
  provisioning,
  tenancy,
  base,
}: Services): BoundRoute[] => {
  const present = (detail: TenantDetail) => presentTenant(detail, base);
  const changed = (reply: FastifyReply, detail: TenantDetail) =>
    showVersion(reply, detail.tenant.version, present(detail));

  return [
    bind(contracts.listTenants, async ({ query, reply }) => {
      const { count, rows } = await tenants.list(query);
      return { count, ...pageLinks(reply, query, count), results: rows.map(present) };
    }),
    bind(contracts.createTenant, async ({ body, origin, reply }) => {
      const created = await tenants.create(origin, body);
      reply.header('location', `/api/v1/tenants/${created.tenant.id}/`);
      if (!body.provision_now) return changed(reply, created);
      const { detail, invitation } = await provisioning.provision(origin, created.tenant.id);
      return presentProvisioned(detail, invitation, base);
    }),
    bind(bulkContracts.changeTenants, async ({ body, origin, language, reply }) => {
      const started = await tenantBulk.start(origin, body, language);
      reply.header('location', `/api/v1/jobs/${started.job_id}/`);
      return started;
    }),
    bind(bulkContracts.exportTenants, async ({ body, origin, reply }) => {
      reply.headers({
        'content-type': 'text/csv; charset=utf-8',
        'content-disposition': `attachment; filename="schools-${new Date().toISOString().slice(0, 10)}.csv"`,
        'cache-control': 'no-store',
      });
      return tenantsAsCsv(await tenantBulk.export(origin, body), base);
    }),
    bind(contracts.checkSubdomain, async ({ query, language }) => {
      const { subdomain, problem, taken, suggestion } = await tenants.checkSubdomain(query.subdomain);
      const code = problem?.code ?? (taken ? 'subdomain_taken' : null);
      const message = problem
        ? fillSentence(FIELD_ERRORS[problem.code][language], problem.values)
        : taken
          ? fillSentence(ERRORS.subdomain_taken.detail[language], { subdomain })
          : null;
      return { subdomain, available: code === null, code, message, suggestion };
    }),
    bind(contracts.getTenant, async (call) => {
      const detail = await tenants.get(call.params.id);
      return withVersion(call, detail.tenant.version, present(detail));
    }),
    bind(contracts.replaceTenant, async ({ params, body, origin, headers, reply }) =>
      changed(reply, await tenants.replace(origin, params.id, body, expectedVersion(headers))),
    ),
    bind(contracts.updateTenant, async ({ params, body, origin, headers, reply }) =>
      changed(reply, await tenants.update(origin, params.id, body, expectedVersion(headers))),
    ),
    bind(contracts.deleteTenant, async ({ params, query, actor, origin, headers }) => {
      if (query.purge) {
        // Archiving can be undone and this cannot: it has a permission of its own.
        assertMay(actor, 'tenants:purge');
        await lifecycle.purge(
          origin,
          params.id,
          headers['x-confirm'] as string | undefined,
          expectedVersion(headers),
        );
        return { purged: true };
      }
      return {
        ...present(await lifecycle.archive(origin, params.id, expectedVersion(headers))),
        purged: false,
      };
    }),
    bind(lifecycleContracts.provisionTenant, async ({ params, origin }) => {
      const { detail, invitation } = await provisioning.provision(origin, params.id);
      return presentProvisioned(detail, invitation, base);
    }),
    bind(lifecycleContracts.activateTenant, async ({ params, origin, headers, reply }) =>
      changed(reply, await lifecycle.activate(origin, params.id, expectedVersion(headers))),
    ),
    bind(lifecycleContracts.deactivateTenant, async ({ params, body, origin, headers, reply }) =>
      changed(
        reply,
        await lifecycle.deactivate(origin, params.id, body?.reason ?? null, expectedVersion(headers)),
      ),
    ),
    bind(lifecycleContracts.restoreTenant, async ({ params, origin, headers, reply }) =>
      changed(reply, await lifecycle.restore(origin, params.id, expectedVersion(headers))),
    ),
    bind(lifecycleContracts.inviteFirstAdmin, async ({ params, body, origin }) => {
      const { invitation, detail } = await tenants.inviteAdmin(origin, params.id, body?.email);
      return presentFirstAdmin(invitation, present(detail));
    }),
    bind(statsContracts.tenantStats, ({ params }) =>
      tenancy.central(({ trx }) => tenantStats(trx, params.id, base), { readOnly: true }),
    ),
    bind(contracts.updateModules, async ({ params, body, origin, headers, reply }) =>
      changed(
        reply,
        await tenants.updateModules(origin, params.id, body.modules_enabled, expectedVersion(headers)),
      ),
    ),
    bind(settingsContracts.getSettings, async (call) => {
      const { tenant } = await tenants.get(call.params.id);
      return withVersion(call, tenant.version, tenant.settings);
    }),
    bind(settingsContracts.updateSettings, async ({ params, body, origin, headers, reply }) => {
      const { tenant } = await tenants.updateSettings(origin, params.id, body, expectedVersion(headers));
      return showVersion(reply, tenant.version, tenant.settings);
    }),
  ];
};
