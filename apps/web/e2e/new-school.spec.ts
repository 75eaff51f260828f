import { expectAccessible } from './support/accessible.ts';
import { ask, enter, expect, expectLive, origin, test } from './support/school-pages.ts';

test.use({ locale: 'fr-FR' });

test('somebody asks for a school, is granted it, and comes in as its administrator', async ({
  page,
  browser,
}) => {
  const email = 'direction@paul-eluard.invalid';
  await page.goto(`${origin()}/tenant/new/?email=${email}&name=Coll%C3%A8ge%20Paul-%C3%89luard`);
  await expectLive(page);
  await expect(page.getByLabel('Nom de l’établissement')).toHaveValue('Collège Paul-Éluard');
  await page.getByRole('button', { name: 'Recevoir le code' }).click();
  await expect(page.getByText('Ce champ est obligatoire.').first()).toBeVisible();
  await page.getByLabel('Type d’établissement').selectOption('Collège');
  await page.getByLabel('Vos nom et prénom').fill('Camille Dupré');
  await page.getByRole('button', { name: 'Recevoir le code' }).click();
  await expect(page.getByText(`Un code vient d’être envoyé à ${email}`)).toBeVisible();
  await expectAccessible(page);

  // No server sends mail here: the console has kept it.
  const console_ = await browser.newContext({ locale: 'fr-FR' });
  const cookie = await enter(console_, 'console', 'superadmin');
  const read = async (path: string) =>
    JSON.parse((await ask('console', `/api/v1${path}`, { cookie, method: 'GET' })).text);
  await expect.poll(async () => (await read(`/platform/mails/?search=${email}&status=kept`)).count).toBe(1);
  const [{ id }] = (await read(`/platform/mails/?search=${email}`)).results;
  const code = /^ {4}(\d{6})$/m.exec((await read(`/platform/mails/${id}/`)).text)?.[1] ?? '';

  await page.getByLabel('Code à six chiffres').fill(code);
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();
  await expect(page.getByLabel('Adresse de l’espace')).toHaveValue('college-paul-eluard');
  await expect(page.getByText(/college-paul-eluard\.localhost:\d+ est libre\./)).toBeVisible();
  await page.getByLabel('Adresse de l’espace').fill('console');
  await expect(page.getByText(/réservé/)).toBeVisible();
  await page.getByLabel('Adresse de l’espace').fill('paul-eluard');
  await expect(page.getByText(/paul-eluard\.localhost:\d+ est libre\./)).toBeVisible();
  await page.getByLabel('Téléphone').fill('02 99 00 00 00');
  await page.getByLabel('Adresse postale').fill('1 rue de l’Eure');
  await page.getByLabel('Code postal').fill('35000');
  await page.getByLabel('Ville').fill('Rennes');
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await expect(page.getByText('Votre demande attend une réponse')).toBeVisible();
  await expectAccessible(page);
  // The address opens it again: it is what a person keeps.
  await page.reload();
  await expect(page.getByText('Votre demande attend une réponse')).toBeVisible();

  const admin = await console_.newPage();
  await admin.goto(`${origin('console')}/signups`);
  await admin.getByRole('link', { name: 'Collège Paul-Éluard' }).click();
  await admin.getByRole('button', { name: 'Accepter la demande' }).click();
  await admin.getByRole('dialog').getByRole('button', { name: 'Accepter la demande' }).click();
  await expect(admin.getByText('Ouvert', { exact: true })).toBeVisible();
  await console_.close();

  await page.reload();
  await expect(page.getByText('Votre espace est ouvert')).toBeVisible();
  await page.getByRole('button', { name: 'Entrer dans mon établissement' }).click();
  await page.waitForURL(/paul-eluard\.localhost:\d+\/invitation\//);
  await page.getByLabel('Prénom et nom').fill('Camille Dupré');
  await page.getByLabel('Choisissez un mot de passe').fill('quatre mots bien choisis');
  await page.getByRole('button', { name: 'Rejoindre l’établissement' }).click();
  await expect(
    page.getByRole('navigation').getByRole('link', { name: 'Annonces', exact: true }),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: 'Administration' })).toBeVisible();
});
