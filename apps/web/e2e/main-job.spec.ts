import { ADMIN } from './support/server.ts';
import { recordFrames } from './support/frames.ts';
import { ask, expect, origin, test } from './support/school-pages.ts';

const PRIMARY = '#2E7D32';
const PRIMARY_RGB = 'rgb(46, 125, 50)';

test('a school is created, provisioned, opens in its own colours, changes and closes', async ({
  page,
  browser,
}) => {
  await page.goto(origin('console'));
  await page.getByLabel('Adresse électronique').fill(ADMIN.email);
  await page.getByLabel('Mot de passe').fill(ADMIN.password);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Vue d’ensemble' })).toBeVisible();
  await page.getByRole('navigation').getByRole('link', { name: 'Établissements' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Établissements' })).toBeVisible();

  await page.getByRole('link', { name: 'Nouvel établissement' }).click();
  const go = () => page.getByRole('button', { name: 'Continuer', exact: true }).click();
  await page.getByLabel('Nom de l’établissement').fill('Lycée Victor Hugo');
  await page.getByLabel('Type', { exact: true }).selectOption('lycee');
  await page.getByLabel('Adresse électronique').fill('contact@lycee-hugo.fr');
  await page.getByLabel('Téléphone').fill('0123456789');
  await page.getByLabel('Adresse postale').fill('123 rue Victor Hugo');
  await page.getByLabel('Code postal').fill('75001');
  await page.getByLabel('Ville').fill('Paris');
  await go();
  await expect(page.getByLabel('Sous-domaine')).toHaveValue('lycee-victor-hugo');
  await page.getByLabel('Sous-domaine').fill('lycee-hugo');
  await expect(page.getByText(/lycee-hugo\.localhost.* est disponible/)).toBeVisible();
  await go();
  await page.getByLabel('Couleur principale', { exact: true }).fill(PRIMARY);
  await page.getByLabel('Couleur secondaire', { exact: true }).fill('#1B5E20');
  await go();
  await expect(page.getByRole('heading', { name: 'Modules et limites' })).toBeVisible();
  await go();
  await expect(page.getByText('123 rue Victor Hugo')).toBeVisible();
  await page.getByLabel('Ouvrir l’espace tout de suite').uncheck();
  await page.getByRole('button', { name: 'Créer l’établissement' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Lycée Victor Hugo' })).toBeVisible();

  // Not provisioned yet: its address says so, in its colours.
  const visit = await browser.newPage({ locale: 'fr-FR' });
  expect((await visit.goto(origin('lycee-hugo')))?.status()).toBe(403);
  await expect(visit.getByRole('heading', { level: 1, name: 'Cet espace ouvre bientôt' })).toBeVisible();

  await page.getByRole('button', { name: 'Provisionner' }).first().click();
  const link = page.getByRole('textbox', { name: 'Lien d’invitation' });
  await expect(link).toHaveValue(/\/invitation\/.{40,}/);
  const invitation = await link.inputValue();

  const frames = await recordFrames(visit);
  expect((await visit.goto(invitation))?.status()).toBe(200);
  await visit.getByLabel('Prénom et nom').fill('Camille Durand');
  await visit.getByLabel('Choisissez un mot de passe').fill('une phrase bien à moi');
  await visit.getByRole('button', { name: 'Rejoindre l’établissement' }).click();
  await expect(visit.getByRole('heading', { level: 1, name: /Bonjour Camille Durand/ })).toBeVisible();

  await visit.goto(origin('lycee-hugo'));
  await expect(visit.getByRole('link', { name: 'Annonces' }).first()).toBeVisible();
  const seen = await frames();
  expect(seen.length).toBeGreaterThan(0);
  for (const frame of seen) {
    expect(frame.title).toContain('Lycée Victor Hugo');
    expect(frame.icon).toMatch(/^\/favicon\.svg\?v=[0-9a-f]{16}$/);
    expect(frame.primary.toUpperCase()).toBe(PRIMARY);
    expect(frame.bar).toBe(PRIMARY_RGB);
  }
  const icon = await ask('lycee-hugo', seen[0]?.icon ?? '');
  expect(icon.text.toUpperCase()).toContain(`FILL="${PRIMARY}"`);

  await page
    .getByRole('link', { name: 'Modules' })
    .or(page.getByRole('tab', { name: 'Modules' }))
    .first()
    .click();
  await page.getByRole('switch', { name: 'Annonces' }).click();
  await page.getByRole('button', { name: 'Désactiver', exact: true }).click();
  await expect(page.getByText('Les modules sont à jour').first()).toBeVisible();
  await visit.reload();
  await expect(visit.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  await expect(visit.getByRole('link', { name: 'Annonces' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Actions' }).click();
  await page.getByRole('menuitem', { name: 'Fermer' }).click();
  await page.getByLabel(/Motif affiché aux visiteurs/).fill('Travaux d’été');
  await page
    .getByRole('dialog')
    .or(page.getByRole('alertdialog'))
    .getByRole('button', { name: 'Fermer l’établissement' })
    .last()
    .click();
  await expect(page.getByText('L’établissement est fermé').first()).toBeVisible();
  expect((await visit.goto(origin('lycee-hugo')))?.status()).toBe(403);
  await expect(visit.getByRole('heading', { level: 1, name: 'Cet espace est fermé' })).toBeVisible();
  await expect(visit.getByText('Travaux d’été')).toBeVisible();
  for (const frame of await frames()) {
    expect(frame.primary.toUpperCase()).toBe(PRIMARY);
    expect(frame.title).toContain('Lycée Victor Hugo');
  }
});

test('the first frame is the school’s before any script has run', async ({ page }) => {
  await page.route('**/assets/**', (route) => route.abort());
  page.removeAllListeners('console');
  await page.goto(origin('demo-lycee'));
  await expect(page).toHaveTitle('Lycée Démo Ada-Lovelace');
  await expect(page.getByText('Lycée Démo Ada-Lovelace')).toHaveCSS('color', 'rgb(255, 255, 255)');
  await expect(page.locator('.first-frame')).toHaveCSS('background-color', 'rgb(91, 42, 134)');
});
