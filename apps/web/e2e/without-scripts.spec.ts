import type { Page } from '@playwright/test';
import { violationsOf } from './support/accessible.ts';
import { ask, enter, expect, expectLive, origin, test } from './support/school-pages.ts';

/** What a phone of ten years ago shows. The analysis itself is a script: it is given the page as it was served. */
test('the public site is read, searched and used without scripts, on a phone and wide', async ({
  browser,
}) => {
  for (const [locale, width] of [
    ['fr-FR', 390],
    ['en-GB', 1440],
  ] as const) {
    const french = locale === 'fr-FR';
    const context = await browser.newContext({
      locale,
      javaScriptEnabled: false,
      viewport: { width, height: 844 },
    });
    const page = await context.newPage();
    await page.goto(origin());
    await page.getByRole('link', { name: french ? 'Trouver mon établissement' : 'Find my school' }).click();
    await expect(page.getByRole('link', { name: /^(Lycée|Collège|École) Démo/ })).toHaveCount(3);
    await page.getByRole('searchbox').fill('nantes');
    await page.getByRole('button', { name: french ? 'Chercher' : 'Search', exact: true }).click();
    await page.getByRole('link', { name: 'Lycée Démo Ada-Lovelace' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Lycée Démo Ada-Lovelace' })).toBeVisible();
    await page.getByRole('link', { name: 'Agenda', exact: true }).click();
    await expect(page.getByRole('heading', { name: 'Portes ouvertes' }).first()).toBeVisible();
    await page.getByRole('link', { name: 'spectacle', exact: true }).first().click();
    await expect(page.getByRole('heading', { name: 'Portes ouvertes' })).toHaveCount(0);
    await expect(page.getByRole('heading', { name: 'Concert de fin de trimestre' }).first()).toBeVisible();
    // The other language, and back where one was.
    await page.getByRole('button', { name: french ? 'English' : 'Français' }).click();
    await expect(page).toHaveURL(/\/agenda\?tag=spectacle$/);
    await expect(page.getByRole('button', { name: french ? 'Show' : 'Afficher', exact: true })).toBeVisible();
    await context.close();
  }
});

test('a school is asked for without scripts, until its space opens', async ({ browser }) => {
  const email = 'direction@sans-script.invalid';
  const context = await browser.newContext({
    locale: 'fr-FR',
    javaScriptEnabled: false,
    viewport: { width: 390, height: 844 },
  });
  const page = await context.newPage();
  await page.goto(`${origin()}/tenant/new/?email=${email}`);
  await page.getByLabel('Nom de l’établissement').fill('École du Vieux-Moulin');
  await page.getByRole('button', { name: 'Recevoir le code' }).click();
  await expect(page.getByLabel('Nom de l’établissement')).toHaveValue('École du Vieux-Moulin');
  await expect(page.getByLabel('Type d’établissement')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Type d’établissement').selectOption('École');
  await page.getByLabel('Vos nom et prénom').fill('Camille Dupré');
  await page.getByRole('button', { name: 'Recevoir le code' }).click();
  await expect(page.getByText(`Un code vient d’être envoyé à ${email}`)).toBeVisible();

  const console_ = await browser.newContext();
  const cookie = await enter(console_, 'console', 'superadmin');
  const read = async (path: string) =>
    JSON.parse((await ask('console', `/api/v1${path}`, { cookie, method: 'GET' })).text);
  await expect.poll(async () => (await read(`/platform/mails/?search=${email}&status=kept`)).count).toBe(1);
  const [{ id }] = (await read(`/platform/mails/?search=${email}`)).results;
  const code = /^ {4}(\d{6})$/m.exec((await read(`/platform/mails/${id}/`)).text)?.[1] ?? '';
  await page.getByLabel('Code à six chiffres').fill(code);
  await page.getByRole('button', { name: 'Confirmer mon adresse' }).click();

  await page.getByLabel('Adresse de l’espace').fill('console');
  await page.getByLabel('Téléphone').fill('02 99 00 00 00');
  await page.getByLabel('Adresse postale').fill('1 rue de l’Eure');
  await page.getByLabel('Code postal').fill('35000');
  await page.getByLabel('Ville').fill('Rennes');
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await expect(page.getByText(/réservé/)).toBeVisible();
  await expect(page.getByLabel('Ville')).toHaveValue('Rennes');
  await page.getByLabel('Adresse de l’espace').fill('vieux-moulin');
  await page.getByRole('button', { name: 'Envoyer ma demande' }).click();
  await expect(page.getByText('Votre demande attend une réponse')).toBeVisible();
  await page.getByRole('button', { name: 'Retirer ma demande' }).click();
  await expect(page.getByText('Vous avez retiré votre demande')).toBeVisible();
  await console_.close();
  await context.close();
});

/** The page as it was served: its own script never comes. */
async function withoutItsScript(page: Page): Promise<void> {
  await page.route('**/assets/*.js', (route) => route.abort());
}

test('what the server writes is accessible, and the application takes its place without moving anything', async ({
  page,
  complaints,
}) => {
  await withoutItsScript(page);
  for (const path of ['/', '/directory', '/directory/demo-lycee', '/agenda', '/tenant/new/', '/my-schools']) {
    await page.goto(`${origin()}${path}`);
    expect(
      (await violationsOf(page)).map(({ id, nodes }) => `${path} ${id} ${String(nodes[0]?.target)}`),
      path,
    ).toEqual([]);
  }
  // Refused requests of scripts are what this is about.
  complaints.length = 0;
  await page.unroute('**/assets/*.js');
  for (const path of ['/', '/directory', '/directory/demo-lycee', '/agenda', '/tenant/new/']) {
    await page.addInitScript(() => {
      const shifts: number[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) shifts.push((entry as unknown as { value: number }).value);
      }).observe({ type: 'layout-shift', buffered: true });
    });
    await page.goto(`${origin()}${path}`);
    await expectLive(page);
    const moved = await page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          requestAnimationFrame(() =>
            requestAnimationFrame(() =>
              resolve((window as unknown as { shifts: number[] }).shifts.reduce((sum, one) => sum + one, 0)),
            ),
          ),
        ),
    );
    expect(moved, path).toBeLessThan(0.02);
  }
});
