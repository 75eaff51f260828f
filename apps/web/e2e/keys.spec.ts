import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-ecole';

/** A program's request: the key counts, whatever cookie the page has. */
const ask = (page: Page, key: string, path: string): Promise<number> =>
  page.evaluate(
    async ([url, secret]) => (await fetch(`/api/v1${url}`, { headers: { 'api-key': secret } })).status,
    [path, key] as const,
  );
async function shownKey(page: Page): Promise<string> {
  const key = await page.getByLabel('Key', { exact: true }).inputValue();
  await page.getByRole('button', { name: 'I have noted the key' }).click();
  await expect(page.getByText(key)).toHaveCount(0);
  return key;
}

test('a school’s key is made, works for its rights, is rotated and revoked, and the trail has it all', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/api-keys`);
  await page.getByRole('button', { name: 'New key' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Create the key' }).click();
  await expect(dialog.getByText('Choose at least one right.').first()).toBeVisible();
  await dialog.getByLabel('Name').fill('Canteen');
  await dialog.getByLabel('Read announcements').check();
  await dialog.getByLabel('Allowed addresses').fill('127.0.0.0/8 ::1/128');
  await dialog.getByRole('button', { name: 'Create the key' }).click();
  await expectAccessible(page);
  const first = await shownKey(page);
  expect(await ask(page, first, '/announcements/')).toBe(200);
  expect(await ask(page, first, '/members/')).toBe(403);

  await page.getByRole('button', { name: 'Rotate the key Canteen' }).click();
  await dialog.getByLabel('The former key goes on for').selectOption('Not at all');
  await dialog.getByRole('button', { name: 'Rotate', exact: true }).click();
  const second = await shownKey(page);
  expect(await ask(page, first, '/announcements/')).toBe(401);
  expect(await ask(page, second, '/announcements/')).toBe(200);

  await page
    .getByRole('row', { name: second.split('.')[0] ?? '' })
    .getByRole('button', { name: 'Revoke the key Canteen' })
    .click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke', exact: true }).click();
  await expect(page.getByText('The key is revoked')).toBeVisible();
  expect(await ask(page, second, '/announcements/')).toBe(401);

  await page.getByRole('button', { name: 'Administration' }).click();
  await page.getByRole('menuitem', { name: 'Audit' }).click();
  await page.getByLabel('Action', { exact: true }).fill('api_key');
  const rows = page.locator('tbody tr');
  await expect(rows.filter({ hasText: 'api_key.revoke' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'api_key.rotate' })).toHaveCount(1);
  await expect(rows.filter({ hasText: 'session.open' })).toHaveCount(0);
  await rows.filter({ hasText: 'api_key.create' }).first().getByRole('button').click();
  await expect(dialog.getByText('Canteen').first()).toBeVisible();
  for (const key of [first, second]) await expect(dialog.getByText(key)).toHaveCount(0);
  await expectAccessible(page);
  await page.keyboard.press('Escape');

  const download = page.waitForEvent('download');
  await page.getByText('Export as CSV').click();
  const csv = readFileSync(await (await download).path(), 'utf8');
  expect(csv).toContain('api_key.rotate');
  expect(csv).not.toContain('session.open');
  await page.getByRole('button', { name: 'Verify integrity' }).click();
  await expect(page.getByText(/rows verified, none changed/)).toBeVisible();
});
