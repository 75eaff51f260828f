import { readFile } from 'node:fs/promises';
import { expectAccessible } from './support/accessible.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

const NAMES = ['École du Banc', 'École du Cerisier', 'École du Figuier'];

test('schools are chosen over pages, exported, closed together and reopened, and columns are kept', async ({
  page,
  context,
}) => {
  const cookie = await enter(context, 'console', 'superadmin');
  const made = await Promise.all(
    NAMES.map(async (school_name, at) => {
      const body = {
        school_name,
        school_type: 'ecole',
        subdomain: `lot-${at}-${Date.now()}`,
        email: 'contact@exemple.invalid',
        phone: '0123456789',
        address: '1 rue du Banc',
        postal_code: '46000',
        city: 'Cahors-en-Lot',
        // The last has no space yet: it cannot be closed.
        provision_now: at < 2,
      };
      const answer = await ask('console', '/api/v1/tenants/', { body, cookie });
      expect(answer.status, answer.text).toBe(201);
      return JSON.parse(answer.text) as { id: string };
    }),
  );
  await page.goto(`${origin('console')}/schools?search=Cahors-en-Lot`);
  await expect(page.getByText('3 établissements', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Colonnes' }).click();
  await page.getByRole('checkbox', { name: 'Ville' }).check();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('columnheader', { name: 'Ville' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('columnheader', { name: 'Ville' })).toBeVisible();

  await page.getByRole('checkbox', { name: `Choisir ${NAMES[0]}` }).check();
  const bar = page.getByRole('region', { name: 'Établissements choisis' });
  await expect(bar.getByRole('status')).toHaveText('1 établissement choisi');
  await bar.getByRole('button', { name: 'Choisir les 3 qui correspondent' }).click();
  const download = page.waitForEvent('download');
  await bar.getByRole('button', { name: 'Exporter les établissements choisis' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toMatch(/^schools-.*\.csv$/);
  const lines = (await readFile(await file.path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(4);
  await expectAccessible(page);

  await bar.getByRole('button', { name: 'Fermer' }).click();
  const dialog = page.getByRole('alertdialog', { name: 'Fermer 3 établissements ?' });
  await dialog.getByLabel('Motif affiché aux visiteurs').fill('Inondation');
  await dialog.getByRole('button', { name: 'Fermer' }).click();
  await expect(page).toHaveURL(/\/schools\/bulk\/[0-9a-f-]{36}$/);
  await expect(page.getByText('2 établissements fermés, 1 refus')).toBeVisible();
  const refused = page.getByRole('row').filter({ hasText: NAMES[2] ?? '' });
  await expect(refused).toContainText('L’espace de cet établissement n’existe pas encore.');
  const closed = await ask('console', `/api/v1/tenants/${made[0]?.id}/`, { cookie });
  expect(JSON.parse(closed.text)).toMatchObject({ status: 'inactive', inactive_reason: 'Inondation' });

  await page.reload();
  await page.getByRole('button', { name: 'Annuler : rouvrir les 2 établissements fermés' }).click();
  await expect(page.getByText('2 établissements rouverts', { exact: true })).toBeVisible();
  const open = await ask('console', `/api/v1/tenants/${made[0]?.id}/`, { cookie });
  expect(JSON.parse(open.text)).toMatchObject({ status: 'active' });
});
