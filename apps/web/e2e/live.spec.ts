import type { Page } from '@playwright/test';
import { ask, enter, expect, expectOnly, forgetSessions, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-college';

/** Opens an address and waits until the page hears what the school says. */
async function openLive(page: Page, path = '/'): Promise<void> {
  const opening = page.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'));
  await page.goto(`${origin(SCHOOL)}${path}`);
  const socket = await opening;
  await socket.waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"ready"'));
  await page.evaluate(() => Object.assign(window, { unloaded: false }));
}
const sameDocument = (page: Page) => page.evaluate(() => 'unloaded' in window);

test('an address at which there is no school any more says so', async ({ page, context, complaints }) => {
  await enter(context, SCHOOL, 'direction');
  await openLive(page);
  const none = {
    type: 'about:blank',
    title: 'None',
    detail: '',
    status: 404,
    code: 'tenant_not_found',
    request_id: 'r',
  };
  await page.route('**/api/v1/media/**', (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', json: none }),
  );
  // What the server says of it then is its own.
  const anew = page.waitForEvent('domcontentloaded');
  await page.getByRole('link', { name: 'Media', exact: true }).click();
  await anew;
  expect(await sameDocument(page)).toBe(false);
  expectOnly(complaints, /status of 404/);
});

test('colours, the end of a session and the closing of the school arrive in the open page', async ({
  page,
  context,
}) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  await openLive(page);
  const primary = () =>
    page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue('--preau-primary'));
  const before = await primary();
  const { text: theme } = await ask(SCHOOL, '/api/v1/current-tenant/theme/');
  const { primary_color: former } = JSON.parse(theme) as { primary_color: string };
  await ask(SCHOOL, '/api/v1/current-tenant/theme/', {
    method: 'PATCH',
    cookie,
    body: { primary_color: '#7B1FA2' },
  });
  await expect.poll(primary).not.toBe(before);
  await ask(SCHOOL, '/api/v1/current-tenant/theme/', {
    method: 'PATCH',
    cookie,
    body: { primary_color: former },
  });
  await expect.poll(primary).toBe(before);
  expect(await sameDocument(page)).toBe(true);

  // Ended in another window: nothing that was read stays in the memory of this one.
  await ask(SCHOOL, '/api/v1/auth/logout/', { method: 'POST', cookie });
  await expect(page).toHaveURL(/\/login\?.*ended=1/);
  await expect(page.getByLabel('Password')).toBeVisible();
  expect(await sameDocument(page)).toBe(false);

  forgetSessions(SCHOOL);
  await enter(context, SCHOOL, 'direction');
  await openLive(page);
  const root = await enter(context, 'console', 'superadmin');
  const { text } = await ask('console', `/api/v1/tenants/?search=${SCHOOL}`, { cookie: root });
  const [{ id }] = (JSON.parse(text) as { results: [{ id: string }] }).results;
  await ask('console', `/api/v1/tenants/${id}/deactivate/`, {
    cookie: root,
    body: { reason: 'Works on the network' },
  });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('This space is closed');
  await expect(page.getByText('Works on the network')).toBeVisible();
  expect(await sameDocument(page)).toBe(true);

  await ask('console', `/api/v1/tenants/${id}/activate/`, { method: 'POST', cookie: root });
  // Looked at again, as it is from time to time.
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Log in');
  forgetSessions(SCHOOL);
});
