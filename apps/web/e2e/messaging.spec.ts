import { expectAccessible } from './support/accessible.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-lycee';

test('a teacher writes, a pupil reads it as it comes, answers, and reports', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'enseignante');
  const theirs = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  const cookie = await enter(theirs, SCHOOL, 'eleve');
  const { text } = await ask(SCHOOL, '/api/v1/auth/me/', { cookie });
  const { full_name: pupil } = JSON.parse(text) as { full_name: string };
  const phone = await theirs.newPage();
  const opening = phone.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'));
  await phone.goto(`${origin(SCHOOL)}/messages`);
  await (
    await opening
  ).waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"ready"'));
  await expect(phone.getByText('No conversation')).toBeVisible();
  await expectAccessible(phone);

  await page.goto(`${origin(SCHOOL)}/messages`);
  await page.getByRole('link', { name: 'Write', exact: true }).click();
  await page.getByLabel('Recipient').selectOption(`${pupil} (Student)`);
  await page.getByLabel('Message', { exact: true }).fill('Your essay is missing.');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('list', { name: 'Messages of the conversation' })).toContainText('Your essay');
  await expectAccessible(page);

  // Without a reload.
  await phone.getByRole('link', { name: /Your essay is missing/ }).click();
  await expect(phone.getByText('Your essay is missing.').last()).toBeVisible();
  await phone.getByLabel('Your answer').fill('Tomorrow!');
  await phone.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByText('Tomorrow!').last()).toBeVisible();
  await phone.getByRole('button', { name: 'Report' }).click();
  await phone.getByLabel('Reason').fill('It was not me');
  await expectAccessible(phone);
  await phone.getByRole('dialog').getByRole('button', { name: 'Report' }).click();
  await expect(phone.getByText('The message is reported')).toBeVisible();
  await expectAccessible(phone);
  await theirs.close();
});
