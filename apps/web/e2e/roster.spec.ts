import { Buffer } from 'node:buffer';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-college';

test('an administrator imports a roster and looks a student up; a parent sees their child only', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/students`);
  await expect(page.getByText(/\d+ of 1,000/)).toBeVisible();
  await page.getByRole('link', { name: 'Import', exact: true }).click();
  await page.setInputFiles('input[type=file]', {
    name: 'rentree.csv',
    mimeType: 'text/csv',
    // As a French spreadsheet saves it.
    buffer: Buffer.from(
      'INE;Nom;Prénom;Date de naissance;Classe\r\nVENU1;Nouvel-Exemple;Zoé;05/06/2014;6e Neuve\r\nVENU2;Essai;Yann;31/02/2014;6e A\r\n',
      'latin1',
    ),
  });
  await page.getByRole('button', { name: 'Check the file' }).click();
  await expect(page.getByText('Classes made: 6e Neuve.')).toBeVisible();
  await expect(page.getByText('A date such as 31/12/2014.')).toBeVisible();
  await page.getByRole('button', { name: 'Import 1 line' }).click();
  await expect(page.getByText('rentree.csv is imported')).toBeVisible();
  await expect(page.getByText('1 created, 1 refused')).toBeVisible();

  await page.getByRole('link', { name: 'See the students' }).click();
  await page.getByLabel('Search a name or an INE').fill('zoe NOUVEL');
  await page.getByRole('link', { name: 'Nouvel-Exemple Zoé' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Zoé Nouvel-Exemple' })).toBeVisible();
  await expect(page.getByText('6e Neuve').first()).toBeVisible();
  const stranger = page.url();

  const family = await browser.newContext({ locale: 'en-GB' });
  await enter(family, SCHOOL, 'parent');
  const parent = await family.newPage();
  await parent.goto(`${origin(SCHOOL)}/students`);
  await expect(parent.getByRole('link', { name: 'Exemple Alba' })).toBeVisible();
  await expect(parent.getByRole('table').getByRole('row')).toHaveCount(2);
  await expect(parent.getByRole('link', { name: 'Import', exact: true })).toHaveCount(0);
  await parent.goto(stranger);
  await expect(parent.getByText('Zoé Nouvel-Exemple')).toHaveCount(0);
  await expect(parent.getByText(/not found/i).first()).toBeVisible();
  await family.close();
});

test('a year that is prepared takes the focus, and before it is passed to it says who stays without a class', async ({
  page,
  context,
}) => {
  await enter(context, 'demo-ecole', 'direction');
  await page.goto(`${origin('demo-ecole')}/classes/years`);
  await page.getByRole('button', { name: 'Prepare a year' }).press('Enter');
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await page.getByLabel('Begins').fill('2040-09-01');
  await page.getByLabel('Ends').fill('2040-01-01');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The end comes after the beginning.').first()).toBeVisible();
  await page.getByLabel('Ends').fill('2041-08-31');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('button', { name: 'Prepare a year' })).toBeFocused();

  await page.getByRole('button', { name: /^Pass to/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('24 students will have no class in the new year.')).toBeVisible();
  await dialog.getByRole('combobox').first().selectOption('Leave the school');
  await expect(dialog.getByText('16 students will have no class in the new year.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Cancel' }).click();
});

test('a guardian is corrected, and the focus comes back to their row', async ({ page, context }) => {
  const cookie = await enter(context, 'demo-ecole', 'direction');
  await page.goto(`${origin('demo-ecole')}/students`);
  await page.getByRole('table').getByRole('link').nth(1).click();
  const guardians = page.getByRole('region', { name: 'Guardians' });
  await guardians.getByRole('button', { name: /^Edit/ }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Last name')).not.toHaveValue('');
  await dialog.getByLabel('Last name').fill('Corrigée');
  await dialog.getByLabel('E-mail').fill('no address');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(dialog.getByText(/^E-mail:/).first()).toBeVisible();
  await dialog.getByLabel('E-mail').fill('corrigee@example.org');
  await dialog.getByLabel('Relationship').selectOption('legal guardian');

  // Somebody else corrects the same person meanwhile, on a brother's page or by a program.
  const student = new URL(page.url()).pathname;
  const { text } = await ask('demo-ecole', `/api/v1${student}/`, { cookie });
  const { guardians: known } = JSON.parse(text) as { guardians: { id: string }[] };
  await ask('demo-ecole', `/api/v1/guardians/${known[0]?.id}/`, {
    method: 'PATCH',
    cookie,
    body: { last_name: 'Ailleurs', phone: '01 02 03 04 05' },
  });
  await dialog.getByRole('button', { name: 'Save' }).click();
  const conflict = page.getByRole('dialog', { name: 'Somebody else has changed this' });
  await expect(conflict.getByLabel('Theirs: Ailleurs')).toBeChecked();
  await conflict.getByRole('button', { name: 'Keep yours' }).click();
  await expect(conflict).toBeHidden();
  await expect(dialog).toBeHidden();
  const row = guardians.getByRole('listitem').filter({ hasText: 'Corrigée' });
  await expect(row).toContainText('legal guardian');
  await expect(row).toContainText('corrigee@example.org');
  await expect(row).toContainText('01 02 03 04 05');
  await expect(row.getByRole('button', { name: /^Edit .* Corrigée$/ })).toBeFocused();
});

test('a guardian is detached once that is confirmed', async ({ page, context }) => {
  await enter(context, 'demo-ecole', 'direction');
  await page.goto(`${origin('demo-ecole')}/students`);
  await page.getByRole('table').getByRole('link').first().click();
  const detach = page.getByRole('button', { name: /^Untie/ });
  await detach.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(detach).toBeVisible();
  await detach.click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Untie' }).click();
  await expect(page.getByText('No guardian')).toBeVisible();
});
