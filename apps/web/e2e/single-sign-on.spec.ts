import type { Page } from '@playwright/test';
import { OIDC_CLIENT, startProvider, type TestProvider } from '../../api/test/support/oidc-provider.ts';
import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

const SCHOOL = 'demo-ecole';
let provider: TestProvider;
test.beforeAll(async () => {
  provider = await startProvider([`${origin(SCHOOL)}/sso/callback`]);
});
test.afterAll(() => provider.close());

async function logInThere(page: Page, path = '/login'): Promise<void> {
  await page.goto(`${origin(SCHOOL)}${path}`);
  await page.getByRole('button', { name: 'Se connecter avec Compte académique' }).click();
}

test('an administrator sets single sign-on up, people come in by it in their roles, and it is removed', async ({
  page,
  context,
  browser,
  complaints,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/`);
  await page.getByRole('button', { name: 'Administration' }).click();
  await page.getByRole('menuitem', { name: 'Connexion unique' }).click();
  await expect(page.getByLabel('Adresse de retour')).toHaveValue(`${origin(SCHOOL)}/sso/callback`);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByLabel('Secret client')).toHaveAttribute('aria-invalid', 'true');
  await expectAccessible(page);

  await page.getByLabel('Adresse du fournisseur').fill('http://127.0.0.1:9/');
  await page.getByLabel('Identifiant client').fill(OIDC_CLIENT.id);
  await page.getByLabel('Secret client').fill(OIDC_CLIENT.secret);
  await page.getByLabel('Portées demandées').fill('openid email profile groups');
  await page.getByLabel('Nom sur le bouton').fill('Compte académique');
  await page.getByLabel('Une première connexion crée le membre').check();
  await page.getByLabel('Champ qui donne le rôle').fill('groups');
  await page.getByRole('button', { name: 'Ajouter une règle' }).click();
  await page.getByLabel('Valeur').fill('profs');
  await page.getByLabel('Rôle', { exact: true }).selectOption('Enseignant');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('Fournisseur injoignable')).toBeVisible();
  // The browser logs it by itself.
  expect(complaints.splice(0)).toEqual([expect.stringContaining('502')]);

  await page.getByLabel('Adresse du fournisseur').fill(provider.issuer);
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByText('La connexion unique est enregistrée')).toBeVisible();
  await expect(page.getByLabel('Secret client')).toHaveValue('');
  await page.reload();
  await expect(page.getByLabel('Valeur')).toHaveValue('profs');
  await expectAccessible(page);

  const theirs = await browser.newContext();
  const teacher = await theirs.newPage();
  provider.account = {
    sub: 'somebody',
    email: 'ada@academie.example',
    email_verified: true,
    name: 'Ada Lovelace',
    groups: ['profs'],
  };
  // Back to where they wanted to go.
  await logInThere(teacher, '/announcements');
  await expect(teacher).toHaveURL(`${origin(SCHOOL)}/announcements`);
  await teacher.getByRole('button', { name: /Mon compte : Ada Lovelace/ }).click();
  await expect(teacher.getByRole('menu').getByText('Enseignant')).toBeVisible();
  await teacher.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(teacher.getByLabel('Mot de passe', { exact: true })).toBeVisible();

  // No rule fits, and there is no role without one.
  provider.account = { sub: 'stranger', email: 'eve@elsewhere.example', email_verified: true, name: 'Eve' };
  const strangers = await browser.newContext();
  const stranger = await strangers.newPage();
  await logInThere(stranger);
  await expect(stranger.getByText('Accès non prévu')).toBeVisible();
  await expectAccessible(stranger);
  await stranger.goto(`${origin(SCHOOL)}/`);
  await expect(stranger.getByLabel('Mot de passe', { exact: true })).toBeVisible();

  await page.getByRole('button', { name: 'Supprimer la connexion unique' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Supprimer la connexion unique' }).click();
  await expect(page.getByText('La connexion unique est supprimée')).toBeVisible();
  await teacher.reload();
  await expect(teacher.getByRole('button', { name: /clé d’accès/ })).toBeVisible();
  await expect(teacher.getByRole('button', { name: /Compte académique/ })).toHaveCount(0);
  await theirs.close();
  await strangers.close();
});
