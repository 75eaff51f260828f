import { ADMIN } from './support/server.ts';
import { ask, DEMO_PASSWORD, enter, expect, origin, test } from './support/school-pages.ts';

const SCHOOL = 'demo-college';
const EMAIL = 'journey@example.org';
const FIRST = 'sept chats sur un toit';
const SECOND = 'huit loutres dans la rivière';

interface Mail {
  id: string;
  kind: string;
  status: string;
  text: string;
}

/** Logs in by the API. @returns the cookie. */
async function cookieOf(host: string, body: { email: string; password: string }): Promise<string> {
  const answer = await ask(host, '/api/v1/auth/login/', { body });
  expect(answer.status).toBe(200);
  return answer.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
}

/** The link in the latest mail of a kind to the address, once the worker has written it. */
async function mailedLink(cookie: string, kind: string): Promise<string> {
  const read = async (path: string) => JSON.parse((await ask('console', path, { cookie })).text);
  let text = '';
  await expect
    .poll(
      async () => {
        const { results } = (await read(`/api/v1/platform/mails/?search=${EMAIL}`)) as { results: Mail[] };
        const mail = results.find((one) => one.kind === kind && one.status === 'kept');
        if (mail) ({ text } = (await read(`/api/v1/platform/mails/${mail.id}/`)) as Mail);
        return text;
      },
      { timeout: 20_000 },
    )
    .toContain('http');
  return /https?:\S+#\S+/.exec(text)?.[0] ?? '';
}

test('somebody registers, proves the address, is admitted, logs in and forgets the password', async ({
  page,
}) => {
  const admin = await cookieOf('console', ADMIN);
  await page.goto(origin(SCHOOL));
  await page.getByRole('link', { name: 'S’inscrire' }).click();
  await page.getByLabel('Prénom et nom').fill('Ada Lovelace');
  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByLabel('Vous êtes').selectOption('parent');
  await page.getByRole('button', { name: 'Continuer' }).click();
  await expect(page.getByLabel('Code')).toBeVisible();
  await page.getByLabel('Code').fill('000000');
  await page.getByRole('button', { name: 'Vérifier le code' }).click();
  await expect(page.getByLabel('Code')).toHaveAttribute('aria-invalid', 'true');

  await page.goto(await mailedLink(admin, 'identity.verify_registration'));
  await expect(page.getByLabel('Adresse électronique')).toHaveValue(EMAIL);
  await page.getByLabel('Choisissez un mot de passe').fill(FIRST);
  await page.getByRole('button', { name: 'Confirmer mon inscription' }).click();
  await expect(page.getByText('Votre demande est transmise')).toBeVisible();

  await page.getByRole('link', { name: 'Retour à la connexion' }).click();
  const logIn = async (password: string) => {
    await page.getByLabel('Adresse électronique').fill(EMAIL);
    await page.getByLabel('Mot de passe').fill(password);
    await page.getByRole('button', { name: 'Se connecter', exact: true }).click();
  };
  await logIn(FIRST);
  await expect(page.getByText('Inscription en attente')).toBeVisible();
  await expect(page.getByRole('heading', { level: 1, name: 'Connexion' })).toBeVisible();

  const direction = await cookieOf(SCHOOL, {
    email: `direction@${SCHOOL}.invalid`,
    password: DEMO_PASSWORD,
  });
  const { results } = JSON.parse(
    (await ask(SCHOOL, `/api/v1/members/?search=${EMAIL}`, { cookie: direction })).text,
  ) as { results: { id: string }[] };
  const approved = await ask(SCHOOL, `/api/v1/members/${results[0]?.id}/approve/`, {
    method: 'POST',
    cookie: direction,
  });
  expect(approved.status).toBeLessThan(300);
  await logIn(FIRST);
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour Ada Lovelace/ })).toBeVisible();

  await page.getByRole('button', { name: /Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Mon compte' }).click();
  await expect(page.getByText('Cette session')).toBeVisible();
  await page.getByLabel('Prénom et nom').fill('Ada King');
  await page.getByRole('button', { name: 'Enregistrer' }).click();
  await expect(page.getByRole('button', { name: /Mon compte : Ada King/ })).toBeVisible();

  await page.getByRole('button', { name: /Mon compte/ }).click();
  await page.getByRole('menuitem', { name: 'Se déconnecter' }).click();
  await page.getByRole('link', { name: 'Mot de passe oublié' }).click();
  // The page before has a field of the same name.
  await expect(page.getByRole('heading', { level: 1, name: 'Mot de passe oublié' })).toBeVisible();
  await page.getByLabel('Adresse électronique').fill(EMAIL);
  await page.getByRole('button', { name: 'Envoyer le lien' }).click();
  await expect(page.getByText('Regardez vos messages')).toBeVisible();
  const link = await mailedLink(admin, 'identity.reset_password');
  await page.goto(link);
  await page.getByLabel('Nouveau mot de passe').fill(SECOND);
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.getByText('Votre mot de passe est changé.')).toBeVisible();
  await logIn(SECOND);
  await expect(page.getByRole('heading', { level: 1, name: /Bonjour Ada King/ })).toBeVisible();

  await page.goto(link);
  await page.getByLabel('Nouveau mot de passe').fill(FIRST);
  await page.getByRole('button', { name: 'Changer le mot de passe' }).click();
  await expect(page.getByText('Ce lien ne peut pas servir')).toBeVisible();
});

test('whoever is in two schools goes to the other from the menu with their name, with the keyboard', async ({
  page,
  context,
}) => {
  await enter(context, 'demo-lycee', 'parent');
  await page.goto(origin('demo-lycee'));
  await page.getByRole('button', { name: /^Mon compte/ }).press('Enter');
  const schools = page.getByRole('menu').getByRole('group', { name: 'Mes établissements' });
  await expect(schools.getByRole('menuitem')).toHaveCount(2);
  await schools.getByRole('menuitem', { name: /^Collège/ }).press('Enter');
  await expect(page).toHaveURL(new RegExp(`^${origin('demo-college')}/`));
});

test('whoever has just logged in has their schools in the menu', async ({ page }) => {
  const refused: string[] = [];
  page.on('response', (answer) => {
    if (answer.status() === 401) refused.push(new URL(answer.url()).pathname);
  });
  await page.goto(`${origin('demo-lycee')}/login`);
  // The first sign of somebody, from a visitor.
  await page.mouse.move(100, 100);
  await page.getByLabel('Adresse électronique').fill('parent@demo-lycee.invalid');
  await page.getByLabel('Mot de passe', { exact: true }).fill(DEMO_PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await expect(page.getByRole('group', { name: 'Mes établissements' }).getByRole('menuitem')).toHaveCount(2);
  expect(refused).not.toContain('/api/v1/auth/schools/');
});

test('the menu that was opened before the next page has come stays open', async ({ page, context }) => {
  await enter(context, 'demo-lycee', 'parent');
  await page.goto(origin('demo-lycee'));
  const account = page.getByRole('button', { name: /^Mon compte/ });
  await account.press('Enter');
  const menu = page.getByRole('menu');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(account).toBeFocused();

  const held = Promise.withResolvers<void>();
  await page.route(/\.js$/, async (route) => {
    await held.promise;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Agenda', exact: true }).first().press('Enter');
  await account.press('Enter');
  await expect(menu).toBeVisible();
  held.resolve();
  await expect(page.getByRole('heading', { level: 1, name: 'Agenda', includeHidden: true })).toBeVisible();
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(account).toBeFocused();
});

test('whoever is in one school is not asked which', async ({ page, context }) => {
  await enter(context, 'demo-lycee', 'eleve');
  await page.goto(origin('demo-lycee'));
  await page.getByRole('button', { name: /^Mon compte/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Se déconnecter' })).toBeVisible();
  await expect(page.getByRole('menu').getByText('Mes établissements')).toBeHidden();
});
