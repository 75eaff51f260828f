import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { tabTo } from './support/keyboard.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

async function type(page: Page, fields: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) {
    await tabTo(page, name);
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type(text);
  }
}

async function goOn(page: Page, name = 'Continuer'): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

const summary = (page: Page) => page.getByRole('alert', { name: /à corriger$/ });
const stepIs = (page: Page, name: string) =>
  expect(
    page.getByRole('navigation', { name: 'Étapes de la création' }).locator('[aria-current=step]'),
  ).toContainText(name);

test('a school is created with the keyboard alone; a reload and the back button lose nothing', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/schools/new`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await goOn(page);
  await expect(summary(page)).toBeFocused();
  await expect(summary(page)).toContainText('Nom de l’établissement');
  await page.reload();

  await type(page, {
    'Nom de l’établissement': 'Collège des Trois-Rivières',
    'Adresse électronique': 'ce@exemple.invalid',
    Téléphone: '0123456789',
    'Adresse postale': '3 quai des Bateaux',
    'Code postal': '14000',
    Ville: 'Caen',
  });
  await goOn(page);
  await stepIs(page, 'Adresse');
  await expect(page.getByRole('heading', { level: 2 }).first()).toBeFocused();
  await expect(page.getByLabel('Sous-domaine')).toHaveValue('college-des-trois-rivieres');

  await page.reload();
  await expect(page.getByLabel('Sous-domaine')).toHaveValue('college-des-trois-rivieres');
  await page.goBack();
  await expect(page.getByLabel('Ville')).toHaveValue('Caen');
  await page.goForward();
  await type(page, { 'Sous-domaine': 'demo-lycee' });
  await goOn(page);
  await stepIs(page, 'Adresse');
  await expect(summary(page)).toContainText('demo-lycee');
  await type(page, { 'Sous-domaine': 'trois-rivieres' });
  await goOn(page);
  await stepIs(page, 'Apparence');
  await goOn(page);
  await goOn(page);
  await stepIs(page, 'Vérification');
  await expect(page.getByText('3 quai des Bateaux')).toBeVisible();
  await expectAccessible(page);

  await tabTo(page, 'Modifier : Identité');
  await page.keyboard.press('Enter');
  await stepIs(page, 'Identité');
  // What only the server knows to be wrong: the check is reached, and the refusal leads back.
  await type(page, { Téléphone: '02 31 00' });
  await goOn(page, 'Continuer vers la vérification');
  await goOn(page, 'Créer l’établissement');
  await stepIs(page, 'Identité');
  await expect(summary(page)).toContainText('Téléphone');
  await type(page, { Téléphone: '02 31 00 00 00' });
  await goOn(page, 'Continuer vers la vérification');
  await goOn(page, 'Créer l’établissement');

  await expect(page.getByRole('heading', { level: 1, name: 'Collège des Trois-Rivières' })).toBeVisible();
  const done = page
    .getByRole('status')
    .or(page.getByRole('alert'))
    .filter({ hasText: 'L’espace est ouvert, en' });
  await expect(done.first()).toContainText(/premier administrateur.*ms/s);
  await expect(page.getByRole('textbox', { name: 'Lien d’invitation' })).toHaveValue(/\/invitation\//);
  expect((await ask('trois-rivieres', '/api/v1/current-tenant/theme/')).status).toBe(200);

  await page.goto(`${origin('console')}/schools/new`);
  await expect(page.getByLabel('Nom de l’établissement')).toHaveValue('');
});
