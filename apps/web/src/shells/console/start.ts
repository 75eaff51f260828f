import './style.css';
import { PiniaColada } from '@pinia/colada';
import type { Boot } from '@preau/contracts/boot';
import { keepFocus, provideToasts } from '@preau/ui';
import { createPinia } from 'pinia';
import { loadAccessibilityPage } from '../../features/accessibility/index.ts';
import { auditRoute } from '../../features/audit/index.ts';
import { returnRoute } from '../../features/bundles/index.ts';
import { fleetRoutes } from '../../features/fleet/index.ts';
import { accountRoutes, guardSession, loginRoute, watchSession } from '../../features/identity/index.ts';
import { mailRoutes } from '../../features/mails/index.ts';
import { jobRoutes } from '../../features/jobs/index.ts';
import { installationRoute } from '../../features/installation/index.ts';
import { overviewRoute } from '../../features/overview/index.ts';
import { platformKeysRoute } from '../../features/api-keys/index.ts';
import { tenantImportRoute } from '../../features/tenant-import/index.ts';
import { tenantRoutes } from '../../features/tenants/index.ts';
import { signupRoutes } from '../../features/signups/index.ts';
import { securityRoute } from '../../features/second-factor/index.ts';
import type { MessageLoaders, Messages } from '../../shared/i18n.ts';
import { addRouter } from '../../shared/routed-app.ts';
import { createPreauApp } from '../../shared/start-app.ts';
import { nextTask } from '../../shared/tasks.ts';
import ConsoleApp from './ConsoleApp.vue';

export async function start(boot: Boot, messages: Messages, load: MessageLoaders): Promise<void> {
  const app = createPreauApp({ boot, messages, load, root: ConsoleApp, siteName: 'Console Préau' });
  app.use(createPinia()).use(PiniaColada);
  provideToasts(app);
  await nextTask();
  const router = addRouter(app, [
    overviewRoute,
    tenantImportRoute,
    returnRoute,
    ...tenantRoutes,
    ...signupRoutes,
    ...fleetRoutes,
    ...jobRoutes,
    auditRoute,
    platformKeysRoute,
    loginRoute,
    ...accountRoutes,
    ...mailRoutes,
    securityRoute,
    installationRoute,
    { path: '/accessibility', name: 'accessibility', component: loadAccessibilityPage, meta: { open: true } },
    {
      path: '/:path(.*)*',
      name: 'not-found',
      component: () => import('../../shared/page/NotFoundPage.vue'),
      meta: { open: true },
    },
  ]);
  app.runWithContext(() => {
    guardSession(router);
    watchSession(router, () => undefined);
  });
  await nextTask();
  // It finds its page, and asks who is there, before there is anything to show.
  app.use(router);
  await nextTask();
  app.mount('#app');
  keepFocus();
}
