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

test('a teacher sends a file, a parent opens it as it comes, nobody else can, and a report ends it', async ({
  page,
  context,
  browser,
}) => {
  const cookie = await enter(context, SCHOOL, 'enseignante');
  const theirs = await browser.newContext({ locale: 'en-GB', viewport: { width: 390, height: 844 } });
  const parentCookie = await enter(theirs, SCHOOL, 'parent');
  const { text } = await ask(SCHOOL, '/api/v1/auth/me/', { cookie: parentCookie });
  const { full_name: parent } = JSON.parse(text) as { full_name: string };
  const phone = await theirs.newPage();
  const opening = phone.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'));
  await phone.goto(`${origin(SCHOOL)}/messages`);
  await (
    await opening
  ).waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"ready"'));

  await page.goto(`${origin(SCHOOL)}/messages/new`);
  await page.getByLabel('Recipient').selectOption(`${parent} (Parent)`);
  const file = (name: string, content: string) => ({
    name,
    mimeType: 'text/plain',
    buffer: Buffer.from(content),
  });
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Attach files' }).click(),
  ]);
  await chooser.setFiles([file('report.txt', 'Very good.'), file('wrong.txt', 'x'), file('empty.txt', '')]);
  const rows = page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  await expect(rows.filter({ hasText: 'empty.txt' })).toContainText('The file is empty.');
  await page.getByRole('button', { name: 'Remove empty.txt' }).click();
  await page.getByRole('button', { name: 'Remove wrong.txt' }).click();
  await expect(rows).toHaveCount(1);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByRole('list', { name: 'Messages of the conversation' })).toContainText('report.txt');
  await expectAccessible(page);

  // Without a reload.
  await phone.getByRole('link', { name: /One attached file/ }).click();
  const link = phone.getByRole('link', { name: /^report\.txt/ });
  const address = (await link.getAttribute('href'))?.replace('?download=true', '') ?? '';
  const [download] = await Promise.all([phone.waitForEvent('download'), link.click()]);
  expect(download.suggestedFilename()).toBe('report.txt');
  expect((await ask(SCHOOL, address, { cookie })).text).toBe('Very good.');
  // A pupil and the head of the school are strangers to it alike; who has not logged in is asked to.
  const strangers = await browser.newContext();
  for (const stranger of ['eleve', 'direction'])
    expect((await ask(SCHOOL, address, { cookie: await enter(strangers, SCHOOL, stranger) })).status).toBe(
      404,
    );
  expect((await ask(SCHOOL, address)).status).toBe(401);
  await strangers.close();

  await phone.getByRole('button', { name: 'Report', exact: true }).click();
  await phone.getByLabel('Reason').fill('Not my child');
  await phone.getByRole('dialog').getByRole('button', { name: 'Report', exact: true }).click();
  await expect(phone.getByText('The message is reported')).toBeVisible();

  const office = await browser.newContext({ locale: 'en-GB' });
  await enter(office, SCHOOL, 'direction');
  const desk = await office.newPage();
  await desk.goto(`${origin(SCHOOL)}/messages/reports`);
  const report = desk.getByRole('article').filter({ hasText: 'Not my child' });
  await report.getByRole('button', { name: 'Read around the message' }).click();
  await expect(report.getByRole('list').last()).toContainText('Attached files: report.txt');
  await expectAccessible(desk);
  await report.getByRole('button', { name: 'Remove the message' }).click();
  await desk.getByRole('alertdialog').getByRole('button', { name: 'Remove the message' }).click();
  await expect(report).toBeHidden();
  await expect(phone.getByText('Message removed').last()).toBeVisible();
  expect((await ask(SCHOOL, address, { cookie })).status).toBe(404);
  await office.close();
  await theirs.close();
});
