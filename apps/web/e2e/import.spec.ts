import { enter, expect, origin, test } from './support/school-pages.ts';

const HEADER =
  'identifiant_de_l_etablissement;nom_etablissement;type_etablissement;adresse_1;code_postal;nom_commune;telephone;mail';

test('schools are imported from a file: checked, confirmed, followed, and found', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/schools`);
  await page.getByRole('button', { name: 'Importer' }).click();
  await page.getByRole('menuitem', { name: 'Un fichier d’établissements (CSV)' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Importer des établissements' })).toBeVisible();

  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
  await expect(page.getByText('Ce champ est obligatoire.')).toBeVisible();
  // As a French spreadsheet saves it: not UTF-8.
  const text = [
    HEADER,
    '0019999N;Lycée de la Forêt;Lycée;1 rue des Chênes;01000;Bourg-en-Bresse;0474000009;ce@example.org',
    '0010009A;Collège sans clé;Collège;;01000;Bourg-en-Bresse;0474000009;ce@example.org',
  ].join('\r\n');
  await page
    .getByLabel('Fichier CSV')
    .setInputFiles({ name: 'écoles.csv', mimeType: 'text/csv', buffer: Buffer.from(text, 'latin1') });
  await page.getByRole('button', { name: 'Vérifier le fichier' }).click();
  await expect(page.getByText('Ce qui serait fait : 1 création, 1 ligne refusée.')).toBeVisible();
  const refused = page.getByRole('row').filter({ hasText: 'Collège sans clé' });
  await expect(refused.getByText('Refusé', { exact: true })).toBeVisible();
  await expect(refused.getByText(/UAI\s:\s7 chiffres et leur lettre de contrôle/)).toBeVisible();

  await page.getByRole('button', { name: 'Importer', exact: true }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Importer', exact: true }).click();
  await expect(page.getByText('Import terminé : 1 création, 1 ligne refusée.')).toBeVisible();
  await page.getByRole('link', { name: 'Lycée de la Forêt' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lycée de la Forêt' })).toBeVisible();
});
