import type { BrowserContext, Page } from '@playwright/test';
import { ask, DEMO_PASSWORD, enter, expect, expectOnly, origin, test } from './support/school-pages.ts';
import { ADMIN } from './support/server.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-college';
const MINUTE = 60_000;

/** Changes the school as the platform does. */
async function platform(context: BrowserContext, path: string, body: object): Promise<void> {
  const cookie = await enter(context, 'console', 'superadmin');
  const { text } = await ask('console', `/api/v1/tenants/?search=${SCHOOL}`, { cookie });
  const [{ id }] = (JSON.parse(text) as { results: [{ id: string }] }).results;
  const { status } = await ask('console', `/api/v1/tenants/${id}/${path}/`, { cookie, body });
  expect(status).toBe(200);
}

interface Shift {
  value: number;
  sources: { node: Node | null; previousRect: DOMRectReadOnly; currentRect: DOMRectReadOnly }[];
}

/** What has moved since the page began, and how much: https://web.dev/articles/cls */
const shifts = (page: Page): Promise<string[]> =>
  page.evaluate(
    () =>
      new Promise<string[]>((resolve) => {
        const seen: string[] = [];
        new PerformanceObserver((list) => {
          for (const { value, sources } of list.getEntries() as unknown as Shift[])
            for (const { node, previousRect: from, currentRect: to } of sources)
              seen.push(`${value}: ${node?.nodeName} ${JSON.stringify(from)} ${JSON.stringify(to)}`);
        }).observe({ type: 'layout-shift', buffered: true });
        requestAnimationFrame(() => setTimeout(() => resolve(seen), 0));
      }),
  );

for (const [width, people] of [
  [1440, ['direction', 'enseignante']],
  [390, ['parent']],
] as const)
  test(`nothing of the home page moves while it comes, ${width} wide`, async ({ page, context }) => {
    await page.setViewportSize({ width, height: 900 });
    let asked = 0;
    page.on('request', (request) => void (asked += Number(request.url().endsWith('/auth/me/'))));
    for (const who of people) {
      asked = 0;
      await enter(context, SCHOOL, who);
      await page.goto(`${origin(SCHOOL)}/`);
      await expect(page.getByRole('heading', { name: 'Agenda' })).toBeVisible();
      await page.waitForLoadState('networkidle');
      expect(await shifts(page), who).toEqual([]);
      // Named in the page and asked by the application: one question.
      expect(asked, who).toBe(1);
      if (who === 'direction') {
        await expect(page.getByRole('region', { name: 'Limits' }).getByRole('meter')).toHaveCount(2);
        await expect(page.getByRole('region', { name: 'For your attention' })).toBeVisible();
      } else await expect(page.getByRole('region', { name: 'For your attention' })).toBeHidden();
    }
  });

test('an announcement that comes is on the open home page, and a module that goes takes its card along', async ({
  page,
  context,
}) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  const opening = page.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'));
  await page.goto(`${origin(SCHOOL)}/`);
  await (
    await opening
  ).waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"ready"'));
  await expect(page.getByRole('region', { name: 'Announcements' }).getByRole('link')).toHaveCount(4);
  const body = { title: 'The heating works again', body: 'Since this morning.' };
  await ask(SCHOOL, '/api/v1/announcements/', { cookie, body });
  await expect(page.getByRole('link', { name: body.title })).toBeVisible();
  await platform(context, 'update_modules', { modules_enabled: { announcements: false } });
  await expect(page.getByRole('region', { name: 'Announcements' })).toBeHidden();
  await platform(context, 'update_modules', { modules_enabled: { announcements: true } });
  await expect(page.getByRole('region', { name: 'Announcements' })).toBeVisible();

  await page.getByRole('link', { name: body.title }).click();
  await expect(page.getByRole('heading', { level: 1, name: body.title })).toBeVisible();
  await platform(context, 'update_modules', { modules_enabled: { announcements: false } });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Module switched off');
  await platform(context, 'update_modules', { modules_enabled: { announcements: true } });
  await expect(page.getByRole('heading', { level: 1, name: body.title })).toBeVisible();
});

test('settings: an example follows each choice, dates follow what is saved, and two who change one thing are asked', async ({
  page,
  context,
}) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/settings`);
  await page.getByLabel('Dates', { exact: true }).selectOption('%Y-%m-%d');
  await page.getByLabel('Times', { exact: true }).selectOption('%Hh%M');
  await expect(page.getByText(/^It is \d{4}-\d\d-\d\d \d\dh\d\d$/)).toBeVisible();
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await expect(page.getByText('The settings are saved', { exact: true }).first()).toBeVisible();
  const change = (path: string, body: object) =>
    ask(SCHOOL, `/api/v1/current-tenant/${path}/`, { method: 'PATCH', cookie, body });

  // Another part of the school: no question.
  await change('contact', { city: 'Lyon' });
  await page.getByLabel('Shortest password').fill('14');
  // Disabled it is while it saves, too.
  const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH' && answer.ok());
  await save.click();
  await saved;
  await expect(save).toBeDisabled();
  // The same field, otherwise.
  await change('settings', { password_min_length: 16 });
  await page.getByLabel('Shortest password').fill('15');
  await save.click();
  const choice = page.getByRole('dialog', { name: 'Somebody else has changed this' });
  await choice.getByRole('radio', { name: 'Yours: 15' }).check();
  await choice.getByRole('button', { name: 'Keep this choice' }).click();
  await expect(choice).toBeHidden();
  await expect(save).toBeDisabled();
  const { text } = await ask(SCHOOL, '/api/v1/current-tenant/settings/', { cookie });
  expect(JSON.parse(text)).toMatchObject({ password_min_length: 15, date_format: '%Y-%m-%d' });

  await page.goto(`${origin(SCHOOL)}/`);
  const row = page.getByRole('region', { name: 'Announcements' }).getByRole('link').nth(1);
  await expect(row).toContainText(/\d{4}-\d\d-\d\d \d\dh\d\d/);
  await change('settings', { password_min_length: 12, date_format: '%d/%m/%Y', time_format: '%H:%M' });
});

test('the directory profile: two who change one thing are asked', async ({ page, context }) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/network`);
  const field = page.getByLabel('Short presentation');
  await field.fill('A school by the river');
  await ask(SCHOOL, '/api/v1/network/profile/', {
    method: 'PATCH',
    cookie,
    body: { short_description: 'A school on the hill', tags: ['theatre'] },
  });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const choice = page.getByRole('dialog', { name: 'Somebody else has changed this' });
  await expect(choice).toContainText('Theirs: A school on the hill');
  await choice.getByRole('button', { name: 'Keep yours' }).click();
  await expect(page.getByText('The entry is saved', { exact: true }).first()).toBeVisible();
  const { text } = await ask(SCHOOL, '/api/v1/network/profile/', { cookie });
  expect(JSON.parse(text)).toMatchObject({ short_description: 'A school by the river', tags: ['theatre'] });
});

test('offline, the page says so, and an open form keeps what was typed until it is saved', async ({
  page,
  context,
  complaints,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/profile`);
  const name = page.getByLabel('Full name');
  const before = await name.inputValue();
  await name.fill('Camille Dupré');
  await context.setOffline(true);
  await expect(page.getByText(/^You are offline\./)).toBeVisible();
  const save = page.getByRole('button', { name: 'Save', exact: true }).first();
  await save.click();
  await expect(page.getByText('Connection lost')).toBeVisible();
  await expect(name).toHaveValue('Camille Dupré');
  await context.setOffline(false);
  await expect(page.getByText(/^You are offline\./)).toBeHidden();
  await save.click();
  await expect(page.getByRole('banner')).toContainText('Camille Dupré');
  await name.fill(before);
  await save.click();
  await expect(page.getByRole('banner')).toContainText(before);
  expectOnly(complaints, /ERR_INTERNET_DISCONNECTED/);
});

test('a session about to end counts down, is not kept alive by that, and goes on when its person stays', async ({
  page,
  context,
}) => {
  const cookie = await enter(context, SCHOOL, 'enseignante');
  await page.clock.install();
  await page.goto(`${origin(SCHOOL)}/`);
  // The card that is made last.
  await expect(page.getByRole('region', { name: 'Your classes' }).getByRole('link').nth(1)).toBeVisible();
  await page.waitForLoadState('networkidle');
  const asked: string[] = [];
  page.on('request', (request) => void asked.push(new URL(request.url()).pathname));
  // The server's clock stands still meanwhile: it goes on saying when the session ends.
  await page.clock.fastForward(58 * MINUTE + 30_000);
  const warning = page.getByRole('dialog', { name: 'Your session is about to end' });
  await expect(warning.getByRole('timer')).toHaveText(/^[01]:\d\d$/);
  // None but those that use no session.
  expect(asked.filter((path) => path.startsWith('/api/'))).toEqual(
    asked.filter((path) => /auth\/session|unread|support\/now/.test(path)),
  );
  await page.route('**/api/v1/auth/me/', async (route) => {
    const me = JSON.parse((await ask(SCHOOL, '/api/v1/auth/me/', { cookie })).text) as object;
    const session_expires_at = new Date(Date.now() + 120 * MINUTE).toISOString();
    await route.fulfill({ json: { ...me, session_expires_at } });
  });
  await warning.getByRole('button', { name: 'Stay logged in' }).click();
  await expect(warning).toBeHidden();
  // Nobody answers: the server ends it, and the page waits for its person.
  await page.route('**/api/v1/auth/session/', (route) =>
    route.fulfill({
      status: 401,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank',
        title: 'x',
        detail: 'x',
        status: 401,
        code: 'not_authenticated',
        request_id: 'x',
      },
    }),
  );
  await page.clock.fastForward(61 * MINUTE);
  await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  // For an afternoon, and no longer.
  await page.unroute('**/api/v1/auth/session/');
  await page.clock.fastForward(4 * 60 * MINUTE);
  await expect(page).toHaveURL(/\/login\?.*ended=1/);
});

/** From another device, as its person does when they have left this one somewhere. */
async function endSessions(host: string, email: string, password: string): Promise<void> {
  const { headers } = await ask(host, '/api/v1/auth/login/', { body: { email, password } });
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  const ended = await ask(host, '/api/v1/auth/sessions/end_others/', { method: 'POST', cookie });
  expect(ended.status).toBe(200);
}

test('what is being written when the session ends is covered, and goes on when the same person is back', async ({
  page,
  context,
}) => {
  const email = `enseignante@${SCHOOL}.invalid`;
  await enter(context, SCHOOL, 'enseignante');
  await page.goto(`${origin(SCHOOL)}/announcements`);
  await page.getByRole('link', { name: 'New announcement' }).click();
  await page.getByLabel('Title').fill('Trip to the museum');
  const text = page.getByLabel('Text', { exact: true });
  await text.fill('On Thursday, with a picnic.');
  await endSessions(SCHOOL, email, DEMO_PASSWORD);

  const over = page.getByRole('dialog', { name: 'Your session has ended' });
  await expect(over).toContainText(email);
  await expect(text).toBeHidden();
  await expect(page).toHaveTitle(/^(?!.*announcement)/i);
  const password = over.getByLabel('Password');
  await expect(password).toBeFocused();
  await page.keyboard.press('Escape');
  await page.goBack();
  await expect(over).toBeVisible();
  await password.fill('not this one');
  await over.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(over.getByText('That is not the right password.')).toBeVisible();
  await password.fill(DEMO_PASSWORD);
  await over.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(over).toBeHidden();
  await expect(text).toBeFocused();
  await expect(text).toHaveValue('On Thursday, with a picnic.');
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Trip to the museum' })).toBeVisible();

  // Somebody else, in another window of the same browser.
  await page.goto(`${origin(SCHOOL)}/announcements/new`);
  await page.getByLabel('Title').fill('For colleagues only');
  await endSessions(SCHOOL, email, DEMO_PASSWORD);
  const [other] = await Promise.all([
    context.waitForEvent('page'),
    over.getByRole('link', { name: 'Log in another way, in another tab' }).click(),
  ]);
  await other.getByLabel('E-mail address').fill(`parent@${SCHOOL}.invalid`);
  await other.getByLabel('Password').fill(DEMO_PASSWORD);
  await other.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page).toHaveURL(`${origin(SCHOOL)}/`);
  await expect(page.getByRole('banner')).toContainText('Parent');
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.locator('body')).not.toContainText('For colleagues only');
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toMatch(
    /colleagues|enseignante/,
  );

  // Logged out in one window, all are.
  await other
    .getByRole('button', { name: /My account/ })
    .first()
    .click();
  await other.getByRole('menuitem', { name: 'Log out' }).click();
  await expect(other).toHaveURL(`${origin(SCHOOL)}/login`);
  await expect(page).toHaveURL(/\/login/);
});

test('on the console, a save that met the end of the session is made when its person is back', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/profile`);
  const name = page.getByLabel('Full name');
  const before = await name.inputValue();
  await name.fill('Somebody else');
  await endSessions('console', ADMIN.email, ADMIN.password);
  const saves: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'PATCH') saves.push(response.status());
  });
  const save = page.getByRole('button', { name: 'Save', exact: true }).first();
  await save.click();
  const over = page.getByRole('dialog', { name: 'Your session has ended' });
  await over.getByLabel('Password').fill(ADMIN.password);
  await over.getByRole('button', { name: 'Log in', exact: true }).click();
  await expect(page.getByRole('banner')).toContainText('Somebody else');
  expect(saves).toEqual([401, 200]);
  await name.fill(before);
  await save.click();
  await expect(page.getByRole('banner')).not.toContainText('Somebody else');
});

test('a page that is not theirs tells a student whose it is, and leads back home', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'eleve');
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 403) refused.push(new URL(response.url()).pathname);
  });
  for (const path of ['/students/import', '/audit']) {
    await page.goto(`${origin(SCHOOL)}${path}`);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Restricted page');
  }
  await expect(page.getByText('Open to: Administrators. Your role here: Student.')).toBeVisible();
  await page.getByRole('link', { name: 'Back to the home page' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Hello');
  // The page is not asked for what it would refuse.
  expect(refused).toEqual([]);
});

test('a full school says what is used, what was asked for and what to do', async ({ page, context }) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  await page.route('**/api/v1/media/', async (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const told = { used: 4_999_000_000, limit: 5_000_000_000, asked: 3_000_000 };
    await route.fulfill({
      status: 413,
      contentType: 'application/problem+json',
      json: {
        type: 'about:blank',
        title: 'Quota exceeded',
        detail: 'x',
        status: 413,
        code: 'quota_exceeded',
        request_id: 'q1',
        ...told,
      },
    });
  });
  await page.goto(`${origin(SCHOOL)}/media`);
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files' }).first().click(),
  ]);
  await chooser.setFiles([{ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('a') }]);
  await expect(page.getByText(/5\sGB used of 5\sGB, and 3\sMB asked for\..*ask the platform/)).toBeVisible();

  await page.route('**/api/v1/current-tenant/home/', async (route) => {
    const home = JSON.parse((await ask(SCHOOL, '/api/v1/current-tenant/home/', { cookie })).text) as object;
    const storage = { used_bytes: 4_800_000_000, limit_bytes: 5_000_000_000 };
    await route.fulfill({ json: { ...home, storage } });
  });
  await page.goto(`${origin(SCHOOL)}/`);
  await expect(page.getByRole('link', { name: /^Storage is 96% full/ })).toBeVisible();
});

test('what cannot be read says why, with the number of the request, and comes when it is asked for again', async ({
  page,
  context,
  complaints,
}) => {
  await enter(context, SCHOOL, 'direction');
  let broken = true;
  await page.route('**/api/v1/current-tenant/home/', (route) =>
    broken
      ? route.fulfill({
          status: 503,
          contentType: 'application/problem+json',
          json: {
            type: 'about:blank',
            title: 'Not now',
            detail: 'In a moment.',
            status: 503,
            code: 'x',
            request_id: 'req-42',
          },
        })
      : route.continue(),
  );
  await page.goto(`${origin(SCHOOL)}/`);
  const limits = page.getByRole('region', { name: 'Limits' });
  await expect(limits).toContainText('req-42');
  broken = false;
  await limits.getByRole('button', { name: 'Try again' }).click();
  await expect(limits.getByRole('meter')).toHaveCount(2);
  expectOnly(complaints, /status of 503/);
});
