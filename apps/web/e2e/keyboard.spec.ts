import { tabTo } from './support/keyboard.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-ecole';

test('colours are chosen, seen, published and taken back with the keyboard alone', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/branding`);
  const primary = page.getByLabel('Primary colour', { exact: true });
  await expect(primary).toHaveValue(/^#/);
  await tabTo(page, 'Primary colour');
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('#6A1B9A');
  await expect(page.getByText(/^Draft saved by/)).toBeVisible();

  await tabTo(page, 'Phone');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Phone', exact: true })).toHaveAttribute(
    'aria-pressed',
    'true',
  );
  await tabTo(page, 'Dark mode');
  await page.keyboard.press('Space');
  await expect(page.frameLocator('iframe').locator('html')).toHaveAttribute('data-mode', 'dark');
  await expect(page.frameLocator('iframe').locator('html')).toHaveCSS('--preau-primary', /.+/);

  await tabTo(page, 'Publish');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveCSS('--preau-primary', '#6a1b9a');
  await tabTo(page, 'Restore (Version 1)');
  await page.keyboard.press('Enter');
  const asked = page.getByRole('alertdialog').or(page.getByRole('dialog'));
  await expect(asked).toBeVisible();
  await tabTo(page, 'Go back to this version');
  await page.keyboard.press('Enter');
  await expect(asked).toBeHidden();
  await expect(primary).not.toHaveValue('#6A1B9A');
  await expect(page.getByText(/taken from version 1$/).first()).toBeVisible();
});

test('a file is sent and opened with the keyboard alone', async ({ page, context }) => {
  await enter(context, SCHOOL, 'enseignante');
  // Long before the key is pressed: the browser is told to report it only now, and a key does not wait as a click does.
  const opened = page.waitForEvent('filechooser');
  await page.goto(`${origin(SCHOOL)}/media`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await tabTo(page, 'Add files');
  await page.keyboard.press('Enter');
  const chooser = await opened;
  await chooser.setFiles([{ name: 'menu.txt', mimeType: 'text/plain', buffer: Buffer.from('soup') }]);
  const open = 'menu.txt, open the details';
  await expect(page.getByRole('button', { name: open })).toBeVisible();
  await tabTo(page, open);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: open })).toBeFocused();
});
