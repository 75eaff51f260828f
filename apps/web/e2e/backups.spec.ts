import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test('a school is backed up, proved, put back as it was, and copied with inventions', async ({
  page,
  context,
}) => {
  // Seven jobs one after the other.
  test.slow();
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/schools`);
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Sauvegardes' }).click();
  await page.getByRole('button', { name: 'Sauvegarder', exact: true }).click();
  const first = page.getByRole('listitem').filter({ hasText: 'Prête' }).first();
  await expect(first).toContainText('Demandée', { timeout: 30_000 });

  await first.getByRole('button', { name: /^Éprouver/ }).click();
  await expect(first.getByText('Éprouvée', { exact: true })).toBeVisible({ timeout: 30_000 });
  for (const mode of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: mode, reducedMotion: 'reduce' });
    await page.reload();
    await expect(first).toContainText('Prête');
    await expectAccessible(page);
  }

  await page.getByRole('button', { name: 'Cloner', exact: true }).click();
  const copying = page.getByRole('dialog');
  await copying.getByLabel('Sous-domaine').fill('clone-e2e');
  await copying.getByLabel('Remplacer les données personnelles').check();
  await copying.getByRole('button', { name: 'Créer la copie' }).click();
  await expect(page.getByText('La copie est là')).toBeVisible({ timeout: 30_000 });

  // The copy is put back in place, not the school that other tests are logged in at.
  const original = page.url();
  await page.getByRole('link', { name: 'Ouvrir sa fiche' }).click();
  await expect(page.getByRole('link', { name: /^clone-e2e/ })).toBeVisible();
  expect(page.url()).not.toBe(original);
  const id = /[0-9a-f-]{36}/.exec(page.url())?.[0] ?? '';
  await page.getByRole('tab', { name: 'Sauvegardes' }).click();
  await expect(page.getByText('Aucune archive', { exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Sauvegarder', exact: true }).click();
  await expect(first).toContainText('Demandée', { timeout: 30_000 });
  await first.getByRole('button', { name: /^Restaurer l’archive/ }).click();
  const dialog = page.getByRole('alertdialog');
  const confirm = dialog.getByRole('button', { name: 'Restaurer', exact: true });
  await expect(confirm).toBeDisabled();
  const label = await dialog.locator('label').innerText();
  await dialog.getByRole('textbox').fill(/Tapez (\S+) pour/.exec(label)?.[1] ?? '');
  await confirm.click();
  await expect(dialog).toHaveCount(0);
  await expect(
    page.getByRole('listitem').filter({ hasText: 'Avant une restauration' }).first(),
  ).toContainText('Prête', {
    timeout: 30_000,
  });
  await expect(page.getByText('Restauration : terminé').first()).toBeVisible({ timeout: 30_000 });

  const purged = await page.evaluate(
    async (path) => (await fetch(path, { method: 'DELETE', headers: { 'x-confirm': 'clone-e2e' } })).status,
    `/api/v1/tenants/${id}/?purge=true`,
  );
  expect(purged).toBe(200);

  await page.goto(`${origin('console')}/schools`);
  await page.getByRole('button', { name: 'Importer' }).click();
  await page.getByRole('menuitem', { name: 'Une archive, un établissement supprimé' }).click();
  const erased = page.getByRole('row').filter({ hasText: 'clone-e2e' });
  await expectAccessible(page);
  await erased
    .last()
    .getByRole('button', { name: /^Faire revenir/ })
    .click();
  const bringing = page.getByRole('dialog');
  await expect(bringing.getByLabel('Sous-domaine')).toHaveValue('clone-e2e');
  await bringing.getByRole('button', { name: 'Faire revenir' }).click();
  await expect(page.getByText('L’établissement est là')).toBeVisible({ timeout: 30_000 });
  // What is in the address is enough to find it again.
  await page.reload();
  await page.getByRole('link', { name: 'Ouvrir sa fiche' }).click();
  await expect(page).toHaveURL(new RegExp(id));

  // Out of this installation, and in again as another school.
  await page.getByRole('tab', { name: 'Sauvegardes' }).click();
  await page.getByRole('button', { name: 'Exporter', exact: true }).click();
  const download = page.waitForEvent('download');
  const exported = page.getByRole('listitem').filter({ hasText: 'Export' }).first();
  await exported.getByRole('link', { name: /^Télécharger/ }).click({ timeout: 30_000 });
  const file = await (await download).path();
  await page.goto(`${origin('console')}/schools/return`);
  await page.getByLabel('Archive', { exact: true }).setInputFiles(file);
  await page.getByLabel('Sous-domaine').fill('venu-e2e');
  await page.getByRole('button', { name: 'Importer l’archive' }).click();
  await expect(page.getByText('L’établissement est là')).toBeVisible({ timeout: 30_000 });
  await page.getByRole('link', { name: 'Ouvrir sa fiche' }).click();
  await expect(page.getByRole('link', { name: /venu-e2e/ }).first()).toBeVisible();
});
