import type { Page } from '@playwright/test';
import { Secret, TOTP } from 'otpauth';
import { expectAccessible } from './support/accessible.ts';
import { ask, DEMO_PASSWORD, enter, expect, origin, test } from './support/school-pages.ts';

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

/** On the security page. @returns the application's secret, and recovery codes. */
async function enrol(page: Page): Promise<{ secret: string; recoveryCodes: string[] }> {
  await page.getByLabel('Mot de passe actuel').first().fill(DEMO_PASSWORD);
  await page.getByRole('button', { name: 'Configurer une application' }).click();
  const secret = await page.getByLabel('Ou recopiez ce secret').inputValue();
  await page.getByLabel('Les six chiffres affichés').fill(codeOf(secret));
  await page.getByRole('button', { name: 'Mettre en service' }).click();
  const codes = page.getByRole('listitem').filter({ hasText: /^\w{4}-\w{4}-\w{4}$/ });
  await expect(codes).toHaveCount(10);
  return { secret, recoveryCodes: (await codes.allTextContents()).map((code) => code.trim()) };
}

/** So that whoever enters as this person afterwards needs their password alone. */
async function takeAway(page: Page, recoveryCode: string): Promise<void> {
  await page.getByLabel('Mot de passe actuel').first().fill(DEMO_PASSWORD);
  await page.getByLabel('Code de l’application ou code de secours').fill(recoveryCode);
  await page.getByRole('button', { name: 'Retirer l’application' }).click();
  await expect(page.getByRole('button', { name: 'Configurer une application' })).toBeVisible();
}

test('an application is set up, and asked for at the next log-in and by an invitation', async ({
  page,
  browser,
}) => {
  const email = `direction@${SCHOOL}.invalid`;
  await logIn(page, email);
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  await openSecurity(page);
  const { secret, recoveryCodes } = await enrol(page);
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

  const theirs = await browser.newContext();
  const cookie = await enter(theirs, 'demo-lycee', 'direction');
  const invited = await ask('demo-lycee', '/api/v1/invitations/', {
    cookie,
    body: { email, role: 'teacher' },
  });
  const guests = await browser.newContext();
  const guest = await guests.newPage();
  await guest.goto((JSON.parse(invited.text) as { invitation_url: string }).invitation_url);
  await guest.getByLabel('Mot de passe').fill(DEMO_PASSWORD);
  const join = guest.getByRole('button', { name: 'Rejoindre l’établissement' });
  await join.click();
  const code = guest.getByLabel('Code de l’application ou code de secours');
  await expect(code).toBeFocused();
  await expectAccessible(guest);
  await join.click();
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await code.fill('000000');
  await join.click();
  await expect(guest.getByText(/incorrect, trop ancien/).first()).toBeVisible();
  await code.fill(recoveryCodes[0] ?? '');
  await join.click();
  await expect(guest).toHaveURL(`${origin('demo-lycee')}/`);
  await expect(guest.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  // Nobody else who enters as this person is of two schools.
  const { text } = await ask('demo-lycee', '/api/v1/members/?page_size=100', { cookie });
  const { results } = JSON.parse(text) as { results: { id: string; email: string }[] };
  const joined = results.find((member) => member.email === email)?.id;
  const left = await ask('demo-lycee', `/api/v1/members/${joined}/`, { method: 'DELETE', cookie });
  expect(left.status).toBe(204);
  await theirs.close();
  await guests.close();
  await openSecurity(page);
  await takeAway(page, recoveryCodes[1] ?? '');
});

test('an administrator demands a second factor of all of them, and sets one up before anything else', async ({
  page,
  context,
}) => {
  const at = (path: string) => `${origin('demo-ecole')}${path}`;
  // The session that other tests go on with: setting a factor up ends all but the one it is done in.
  await enter(context, 'demo-ecole', 'direction');
  await page.goto(at('/profile'));
  await page.getByRole('link', { name: 'Ouvrir la sécurité du compte' }).click();
  const demand = page.getByRole('switch', { name: 'Les administrateurs ont besoin d’un second facteur' });
  await expect(demand).not.toBeChecked();
  await demand.click();
  await expect(page.getByText('Un second facteur est exigé ici')).toBeVisible();
  await page.getByRole('link', { name: 'Annonces', exact: true }).click();
  await expect(page).toHaveURL(at('/security'));
  const { recoveryCodes } = await enrol(page);
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Annonces', exact: true }).click();
  await expect(page).toHaveURL(at('/announcements'));

  await page.goto(at('/security'));
  await expect(demand).toBeChecked();
  await demand.click();
  await expect(demand).not.toBeChecked();
  await takeAway(page, recoveryCodes[0] ?? '');
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
  // Whoever comes after a log-out begins at the home page.
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour/ })).toBeVisible();
  await openSecurity(page);
  await page.getByRole('button', { name: 'Retirer la clé Téléphone' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Mot de passe actuel').fill('pas celui-là');
  await page.keyboard.press('Enter');
  await expect(dialog.getByText('Ce n’est pas votre mot de passe actuel.').first()).toBeVisible();
  await dialog.getByLabel('Mot de passe actuel').fill(DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('button', { name: 'Retirer la clé Téléphone' })).toHaveCount(0);
});
