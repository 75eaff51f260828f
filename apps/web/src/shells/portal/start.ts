import './style.css';
import { PiniaColada } from '@pinia/colada';
import type { Boot } from '@preau/contracts/boot';
import { keepFocus, provideToasts } from '@preau/ui';
import { createPinia } from 'pinia';
import { loadAccessibilityPage } from '../../features/accessibility/index.ts';
import { useSchool, wearWhatIsTried } from '../../features/current-tenant/index.ts';
import { routesOf } from '../../features/define-module.ts';
import {
  accountRoutes,
  guardSession,
  invitationRoute,
  loginRoute,
  registrationRoutes,
  watchSession,
} from '../../features/identity/index.ts';
import { MODULES_OF_THE_PORTAL } from '../../features/index.ts';
import { notificationRoutes } from '../../features/notifications/index.ts';
import { callbackRoute, securityRoute } from '../../features/second-factor/index.ts';
import { supportRoutes } from '../../features/support-access/index.ts';
import type { MessageLoaders, Messages } from '../../shared/i18n.ts';
import { addRouter } from '../../shared/routed-app.ts';
import { createPreauApp } from '../../shared/start-app.ts';
import { nextTask } from '../../shared/tasks.ts';
import PortalApp from './PortalApp.vue';
import { followLive } from './follow-live.ts';
import { followSchool } from './follow-school.ts';

export async function start(boot: Boot, messages: Messages, load: MessageLoaders): Promise<void> {
  const app = createPreauApp({ boot, messages, load, root: PortalApp, siteName: boot.theme.school_name });
  app.use(createPinia()).use(PiniaColada);
  provideToasts(app);
  await nextTask();
  const router = addRouter(app, [
    { path: '/', name: 'home', component: () => import('./pages/HomePage.vue') },
    ...MODULES_OF_THE_PORTAL.flatMap(routesOf),
    ...notificationRoutes,
    loginRoute,
    ...accountRoutes,
    ...registrationRoutes,
    callbackRoute,
    securityRoute,
    invitationRoute,
    ...supportRoutes,
    { path: '/accessibility', name: 'accessibility', component: loadAccessibilityPage, meta: { open: true } },
    {
      path: '/:path(.*)*',
      name: 'not-found',
      component: () => import('../../shared/page/NotFoundPage.vue'),
      meta: { open: true },
    },
  ]);
  app.runWithContext(() => {
    useSchool().begin(boot);
    // A closed school answers nothing but its theme: asking who is logged in would only fail.
    if (boot.state === 'open') guardSession(router);
    watchSession(router, followSchool());
    followLive();
    wearWhatIsTried();
  });
  await nextTask();
  // It finds its page, and asks who is there, before there is anything to show.
  app.use(router);
  await nextTask();
  app.mount('#app');
  keepFocus();
}
