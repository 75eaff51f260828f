import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-lycee';

test('an administrator makes a group, fills it, addresses an event to it, renames it and deletes it', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/groups`);
  await page.getByRole('button', { name: 'Create a group', exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Chess club');
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Chess club' })).toBeVisible();

  await page.getByRole('button', { name: 'Add members', exact: true }).click();
  await dialog.getByLabel('Search a member').fill('eleve');
  await dialog.getByRole('checkbox', { name: /^Élève/ }).check();
  await dialog.getByLabel('Search a member').fill('enseignante');
  await dialog.getByRole('checkbox', { name: /^Enseignante/ }).check();
  await expect(dialog.getByRole('status')).toHaveText('2 people chosen');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('heading', { level: 2, name: '2 members' })).toBeVisible();
  await page.getByRole('button', { name: /^Take out Élève/ }).click();
  await expect(page.getByRole('heading', { level: 2, name: 'One member' })).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('heading', { level: 2, name: '2 members' })).toBeVisible();

  await page.goto(`${origin(SCHOOL)}/agenda/new`);
  await page.getByLabel('Title').fill('Chess tournament');
  await page.getByRole('group', { name: 'Groups' }).getByLabel('Chess club').check();
  await page.getByRole('button', { name: 'Add to the agenda', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Chess tournament' })).toBeVisible();
  await expect(page.getByText('One group')).toBeVisible();

  await page.goto(`${origin(SCHOOL)}/groups?search=chess`);
  await page.getByRole('link', { name: 'Chess club' }).click();
  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  await dialog.getByLabel('Name').fill('Chess and go');
  await dialog.getByRole('button', { name: 'Save', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Chess and go' })).toBeVisible();
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Groups' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Chess and go' })).toBeHidden();
});
