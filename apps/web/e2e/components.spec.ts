import path from 'node:path';
import type { Page } from '@playwright/test';
import { build, preview, type PreviewServer } from 'vite';
import { expectAccessible } from './support/accessible.ts';
import { expect, test } from './support/school-pages.ts';

const ROOT = path.resolve(import.meta.dirname, '../gallery');
// As strict as the product's own: what a component injects fails here.
const POLICY =
  "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'";

let server: PreviewServer;
let address: string;
test.beforeAll(async () => {
  await build({ root: ROOT, configFile: path.join(ROOT, 'vite.config.ts'), logLevel: 'error' });
  server = await preview({
    root: ROOT,
    configFile: path.join(ROOT, 'vite.config.ts'),
    logLevel: 'error',
    preview: { port: 0, host: '127.0.0.1', headers: { 'content-security-policy': POLICY } },
  });
  address = server.resolvedUrls?.local[0] ?? '';
});
test.afterAll(() => server.close());

async function open(page: Page, query = ''): Promise<void> {
  await page.goto(`${address}${query}`);
  await page.locator('canvas').nth(1).waitFor();
}

const BRANDS = { violet: 'primary=5B2A86&secondary=00897B', yellow: 'primary=FFEB3B&secondary=FFFFFF' };

for (const [brand, colours] of Object.entries(BRANDS)) {
  test(`all components in all states are accessible: ${brand}, light, dark, more contrast, on a phone`, async ({
    page,
  }) => {
    // Five looks at some two hundred components.
    test.setTimeout(180_000);
    for (const mode of ['light', 'dark']) {
      for (const contrast of ['no-preference', 'more'] as const) {
        await page.emulateMedia({ contrast, reducedMotion: 'reduce' });
        await open(page, `?mode=${mode}&${colours}`);
        await test.step(`${mode}, contrast ${contrast}`, () => expectAccessible(page));
      }
    }
    await page.setViewportSize({ width: 320, height: 640 });
    await open(page, `?mode=dark&comfortable&${colours}`);
    await expectAccessible(page);
  });
}

test('what has the focus on a phone is never under a toast', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 700 });
  await open(page);
  await page.getByRole('button', { name: 'Toast, danger' }).click();
  await page.getByRole('region', { name: 'Notifications' }).getByText('Toast, danger').waitFor();
  const hidden: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const covered = await page.evaluate(() => {
      const focused = document.activeElement;
      if (!focused || focused.closest('[role=alert]')) return null;
      const { left, top, width, height } = focused.getBoundingClientRect();
      const at = document.elementFromPoint(left + width / 2, top + height / 2);
      return at?.closest('[role=alert]') ? (focused.textContent ?? focused.tagName) : null;
    });
    if (covered !== null) hidden.push(covered);
  }
  expect(hidden).toEqual([]);
});

test('what moves stands still for whoever asks for it', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter(({ playState, effect }) => {
        const { iterations, duration } = effect?.getComputedTiming() ?? {};
        return playState === 'running' && (iterations === Infinity || Number(duration) > 10);
      })
      .map((animation) => (animation as CSSAnimation).animationName),
  );
  expect(moving).toEqual([]);
});

test('dialogs, menus, tabs, tables and the palette answer to the keyboard, and give the focus back', async ({
  page,
}) => {
  await open(page);
  const said = page.locator('output');

  const opener = page.getByRole('button', { name: 'Open the dialog' });
  await opener.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'A dialog' });
  await expect(dialog).toBeVisible();
  await expectAccessible(page);
  for (let step = 0; step < 6; step += 1) {
    await page.keyboard.press('Tab');
    expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  }
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();

  await page.getByRole('button', { name: 'Erase', exact: true }).press('Enter');
  const confirm = page.getByRole('alertdialog').getByRole('button', { name: 'Erase for good' });
  await expect(confirm).toBeDisabled();
  await page.getByLabel('Type hugo to confirm').pressSequentially('hugo');
  await page.keyboard.press('Enter');
  await expect(said).toHaveText('erased');

  const menu = page.getByRole('button', { name: 'Menu', exact: true });
  await menu.press('Enter');
  // The list comes with the first menu that is opened.
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Erase…' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(said).toHaveText('erase');
  await expect(menu).toBeFocused();

  await page.getByRole('tab', { name: 'One' }).focus();
  await page.keyboard.press('ArrowRight');
  await expect(page.getByText('The first panel.')).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByText('The second panel.')).toBeVisible();

  await page.getByRole('checkbox', { name: 'Choose this page' }).press('Space');
  await expect(page.getByRole('checkbox', { name: 'Choose Lycée Hugo' })).toBeChecked();

  await page.getByRole('button', { name: 'Palette' }).press('Enter');
  await expect(page.getByRole('combobox', { name: 'Find' })).toBeFocused();
  await page.keyboard.type('curie');
  await page.keyboard.press('Enter');
  await expect(said).toHaveText('curie');
});
