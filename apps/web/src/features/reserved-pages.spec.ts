import { roleMay } from '@preau/contracts/permissions';
import { ROLES } from '@preau/contracts/vocabulary';
import { expect, test } from 'vitest';
import { createMemoryHistory, createRouter, type RouteRecordRaw } from 'vue-router';
import { platformKeysRoute } from './api-keys/index.ts';
import { auditRoute } from './audit/index.ts';
import { returnRoute } from './bundles/index.ts';
import { routesOf } from './define-module.ts';
import { fleetRoutes } from './fleet/index.ts';
import { MODULES_OF_THE_PORTAL } from './index.ts';
import { installationRoute } from './installation/index.ts';
import { jobRoutes } from './jobs/index.ts';
import { mailRoutes } from './mails/index.ts';
import { notificationRoutes } from './notifications/index.ts';
import { signupRoutes } from './signups/index.ts';
import { tenantImportRoute } from './tenant-import/index.ts';
import { tenantRoutes } from './tenants/index.ts';

const PORTAL: RouteRecordRaw[] = [...MODULES_OF_THE_PORTAL.flatMap(routesOf), ...notificationRoutes];
const CONSOLE: RouteRecordRaw[] = [
  ...tenantRoutes,
  tenantImportRoute,
  returnRoute,
  ...signupRoutes,
  ...fleetRoutes,
  ...jobRoutes,
  auditRoute,
  platformKeysRoute,
  ...mailRoutes,
  installationRoute,
];

test.each([...PORTAL, ...CONSOLE].map(({ path, meta }) => [path, meta] as const))(
  '%s says what its reader must be allowed',
  (_, meta) => expect(meta?.permission).toBeDefined(),
);

test('whoever is shown an entry of the navigation may open its page', () => {
  const router = createRouter({ history: createMemoryHistory(), routes: PORTAL });
  const refused = MODULES_OF_THE_PORTAL.flatMap(({ nav }) => nav).flatMap(({ to, permission }) => {
    const needed = router.resolve(to).meta.permission;
    return ROLES.filter(
      (role) => permission && roleMay(role, permission) && !(needed && roleMay(role, needed)),
    ).map((role) => `${role} ${to}`);
  });
  expect(refused).toEqual([]);
});
