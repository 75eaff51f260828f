import { Buffer } from 'node:buffer';
import { enter, expect, origin, test } from './support/school-pages.ts';

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
