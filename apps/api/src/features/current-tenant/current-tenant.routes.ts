import * as contracts from '@preau/contracts/current-tenant';
import { derivePalette } from '@preau/theme';
import { AppError } from '../../platform/app-error.ts';
import { matches } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, bindReady, schoolOf, type BoundRoute } from '../define-feature.ts';
import { getTenantDetail, presentTenant } from '../tenants/index.ts';
import { PLATFORM_THEME } from './tenant-snapshot.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
const JSON_TYPE = 'application/json; charset=utf-8';
const ASK_AGAIN = 'public, no-cache';

export const currentTenantRoutes = ({ tenants, tenancy, directory, base }: Services): BoundRoute[] => [
  // The busiest route: everything it sends was made when the school was last changed.
  bindReady(contracts.getTheme, ({ tenant, version, known }) => {
    const { json, length, etag, value } = tenant?.theme ?? PLATFORM_THEME;
    const headers = ['etag', etag, 'cache-control', version === value.version ? FOR_EVER : ASK_AGAIN];
    if (known !== undefined && matches(known, etag)) return { status: 304, headers };
    headers.push('content-type', JSON_TYPE, 'content-length', length);
    return { status: 200, headers, body: json };
  }),
  bind(contracts.editTheme, async (call) => {
    const school = schoolOf(call);
    const detail = await tenants.update(call.origin, school.id, call.body);
    const { primary_color: primary, secondary_color: secondary } = detail.tenant;
    const changed = await directory.byHost(school.primaryDomain);
    if (!changed) throw new AppError('tenant_not_found');
    return { ...changed.theme.value, adjustments: derivePalette({ primary, secondary }).adjustments };
  }),
  bind(contracts.getInfo, async (call) => {
    const detail = await tenancy.central(({ trx }) => getTenantDetail(trx, schoolOf(call).id), {
      readOnly: true,
    });
    return presentTenant(detail, base);
  }),
  bind(contracts.getModules, async (call) => ({ ...schoolOf(call).modulesEnabled })),
];
