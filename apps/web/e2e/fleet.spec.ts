import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });

test('the fleet is migrated from the console: asked for, followed, and found among the jobs; a run is opened', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/fleet`);
  await expect(page.getByRole('heading', { level: 1, name: 'Fleet' })).toBeVisible();
  const rows = page.getByRole('table', { name: 'Runs' }).getByRole('row');
  await expect(rows.nth(1)).toBeVisible();

  await page.getByRole('button', { name: 'Migrate' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('First wave').fill('none');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(dialog.getByText('A whole number, or nothing.').first()).toBeVisible();
  await dialog.getByLabel('First wave').fill('2');
  await dialog.getByRole('button', { name: 'Start' }).click();
  await expect(page.getByText('The migration is done')).toBeVisible();

  await rows.nth(1).getByRole('link').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Migration' })).toBeVisible();
  await expect(page.getByRole('table', { name: 'School by school' })).toContainText('public');

  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByRole('link', { name: 'Migration of the fleet' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Migration of the fleet' })).toBeVisible();
  await expect(page.getByText('"migrated": 0')).toBeVisible();
});

test('the state of jobs is part of the address', async ({ page, context }) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/jobs?status=failed`);
  await expect(page.getByText('No job matches')).toBeVisible();
  await page.getByRole('button', { name: 'Clear the filters' }).first().click();
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await expect(page).toHaveURL(`${origin('console')}/jobs`);
});
