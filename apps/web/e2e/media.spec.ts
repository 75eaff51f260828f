import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-college';

/** A small picture. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAB4AAAASCAIAAADDkPmOAAAAWUlEQVR4nLXCERaEAABF0b+Sv7owDMMwDAcehINhODgYhoMtYlbx7rnpgDQdkaYT0nRGmi5I0xVpuiFNX0jTHWn6RpoeSNMTafpBmn6RphfS9Eaa/pCmD9I/60HzR98sILMAAAAASUVORK5CYII=',
  'base64',
);
const text = (name: string, content: string) => ({
  name,
  mimeType: 'text/plain',
  buffer: Buffer.from(content),
});

test.describe.configure({ mode: 'serial' });

test('files are added, described, given out, put in the trash, taken back and deleted for good', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'enseignante');
  await page.goto(`${origin(SCHOOL)}/`);
  await page.getByRole('link', { name: 'Media' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Media library' })).toBeVisible();
  await expect(page.getByText('No file yet')).toBeVisible();

  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files' }).first().click(),
  ]);
  await chooser.setFiles([
    { name: 'Préau.png', mimeType: 'image/png', buffer: PNG },
    text('menu de la semaine.txt', 'Lundi : soupe'),
    text('empty.txt', ''),
  ]);
  const rows = page.getByRole('region', { name: 'Files on their way' }).getByRole('listitem');
  await expect(rows.filter({ hasText: 'Préau.png' })).toContainText('Arrived');
  await expect(rows.filter({ hasText: 'menu de la semaine' })).toContainText('Arrived');
  await expect(rows.filter({ hasText: 'empty.txt' })).toContainText('The file is empty.');
  await page.getByRole('button', { name: 'Clear the list' }).click();

  await page.getByRole('button', { name: 'Préau.png, open the details' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Description of the picture').fill('The covered court, in the morning');
  await dialog.getByLabel('Folder').selectOption('School pictures');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('img', { name: 'The covered court, in the morning' })).toBeVisible();
  await page.getByLabel('Folder').selectOption('School pictures');
  await expect(page).toHaveURL(/folder=school_assets/);
  await expect(page.getByText('menu de la semaine.txt')).toBeHidden();
  await page.getByLabel('Folder').selectOption('All');

  await page.getByRole('button', { name: 'menu de la semaine.txt, open the details' }).click();
  await dialog.getByRole('button', { name: 'Give out a link' }).click();
  const link = await dialog.getByLabel(/^Link for anybody/).inputValue();
  const visitor = await browser.newContext();
  const shared = await visitor.newPage();
  const [download] = await Promise.all([
    shared.waitForEvent('download'),
    shared.goto(link).catch(() => null),
  ]);
  expect(download.suggestedFilename()).toBe('menu de la semaine.txt');
  await visitor.close();

  await dialog.getByRole('button', { name: 'Put in the trash' }).click();
  await expect(page.getByRole('button', { name: 'menu de la semaine.txt, open the details' })).toBeHidden();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('button', { name: 'menu de la semaine.txt, open the details' }).click();
  await dialog.getByRole('button', { name: 'Put in the trash' }).click();
  await page.getByRole('tab', { name: 'Trash' }).click();
  await page.getByRole('button', { name: 'menu de la semaine.txt, open the details' }).click();
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(page.getByText('The trash is empty')).toBeVisible();
});

test('files are dropped anywhere on the page, and one on its way is cancelled and sent again', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'enseignante');
  await page.goto(`${origin(SCHOOL)}/media?folder=school_assets`);
  await expect(page.getByRole('heading', { level: 1, name: 'Media library' })).toBeVisible();
  // The first one never gets to the server: its row stays where it can be cut.
  let held = 0;
  await page.route('**/api/v1/media/', async (route) => {
    if (route.request().method() !== 'POST' || held > 0) return route.continue();
    held += 1;
  });
  const dropped = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['Mardi : gratin'], 'mardi.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.dispatchEvent('body', 'dragenter', { dataTransfer: dropped });
  await expect(page.getByText('To the folder “School pictures”')).toBeVisible();
  await page.dispatchEvent('body', 'drop', { dataTransfer: dropped });
  await expect(page.getByText('To the folder “School pictures”')).toBeHidden();
  const row = page.getByRole('region', { name: 'Files on their way' }).getByRole('listitem');
  await row.getByRole('button', { name: 'Cancel mardi.txt' }).click();
  await expect(row).toContainText('Cancelled');
  await row.getByRole('button', { name: 'Try again mardi.txt' }).click();
  await expect(row).toContainText('Arrived');
  await expect(page.getByRole('button', { name: 'mardi.txt, open the details' })).toBeVisible();
});

test('what does not fit is told before it is sent', async ({ page, context }) => {
  await enter(context, SCHOOL, 'enseignante');
  await page.route('**/api/v1/media/usage/', (route) =>
    route.fulfill({
      json: {
        used_bytes: 4_999_999_990,
        reserved_bytes: 0,
        limit_bytes: 5_000_000_000,
        largest_file_bytes: 2_000_000_000,
        warning: 95,
      },
    }),
  );
  await page.goto(`${origin(SCHOOL)}/media`);
  await expect(page.getByText('99% of the school’s room is used')).toBeVisible();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Add files' }).first().click(),
  ]);
  await chooser.setFiles([text('long.txt', 'more than ten bytes')]);
  await expect(page.getByRole('region', { name: 'Files on their way' })).toContainText(
    'The school has not enough room left for it.',
  );
});
