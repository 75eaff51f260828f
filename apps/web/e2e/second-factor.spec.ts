import type { Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { DEMO_PASSWORD, expect, origin, test } from './support/school-pages.ts';

const SCHOOL = 'demo-college';
const codeOf = (secret: string, later = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + later * 1_000 });

async function logIn(page: Page, email: string): Promise<void> {
  await page.goto(`${origin(SCHOOL)}/login`);
  await page.getByLabel('Adresse électronique').fill(email);
  await page.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
}
async function openSecurity(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /Mon compte/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Sécurité' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Sécurité' })).toBeVisible();
}
async function logOut(page: Page): Promise<void> {
  await page
    .getByRole('button', { name: /Mon compte/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await expect(page.getByLabel('Mot de passe', { exact: true })).toBeVisible();
}

test('an application is set up, and asked for at the next log-in', async ({ page }) => {
  const email = `direction@${SCHOOL}.invalid`;
  await logIn(page, email);
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  await openSecurity(page);
  await page.getByLabel('Mot de passe actuel').first().fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Configurer une application' }).click();
  const secret = await page.getByLabel('Ou recopiez ce secret').inputValue();
  await page.getByLabel('Les six chiffres affichés').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Mettre en service' }).click();
  await expect(page.getByRole('listitem').filter({ hasText: /^\w{4}-\w{4}-\w{4}$/ })).toHaveCount(10);
  await logOut(page);

  await logIn(page, email);
  await expect(page.getByRole('heading', { level: 1, name: 'Vérification' })).toBeVisible();
  await page.getByLabel('Code', { exact: true }).fill('000000');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page.getByText(/incorrect, trop ancien/)).toBeVisible();
  // The code of the half minute after: that of this one was taken.
  await page.getByLabel('Code', { exact: true }).fill(codeOf(secret, 30));
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
});

test('a passkey is added, and opens the school without a password', async ({ page, context }) => {
  const devtools = await context.newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  await logIn(page, `eleve@${SCHOOL}.invalid`);
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  await openSecurity(page);
  await page.getByLabel('Nom de la clé').fill('Téléphone');
  await page.getByLabel('Mot de passe actuel').last().fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Ajouter une clé d’accès' }).click();
  await expect(page.getByRole('button', { name: 'Retirer la clé Téléphone' })).toBeVisible();
  await logOut(page);

  await page.getByRole('button', { name: 'Se connecter avec une clé d’accès' }).click();
  // Back to where the log-out was.
  await expect(page.getByRole('heading', { level: 1, name: 'Sécurité' })).toBeVisible();
  await page.getByLabel('Mot de passe actuel').last().fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Retirer la clé Téléphone' }).click();
  await expect(page.getByRole('button', { name: 'Retirer la clé Téléphone' })).toHaveCount(0);
});
