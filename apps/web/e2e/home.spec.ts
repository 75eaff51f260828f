import type { Page } from '@playwright/test';
import { enter, expect, origin, test } from './support/school-pages.ts';

const card = (page: Page, name: string) => page.getByRole('region', { name });

test('each card of the home page says what is in it', async ({ page, context }) => {
  await enter(context, 'demo-lycee', 'direction');
  await page.goto(origin('demo-lycee'));
  const texts: Record<string, RegExp> = {
    'À votre attention': /invitation sans réponse|Rien n’attend/,
    Annonces: /Bienvenue sur votre espace/,
    Agenda: /Chorale/,
    'Derniers changements': /Données de démonstration|Agenda «|Session|direction@/,
    Limites: /Places d’élèves\s*\d+ sur/,
    Messages: /Aucune conversation|Message|Direction|Enseignant/,
    'Votre établissement': /1 rue de la Démonstration/,
  };
  await expect(page.locator('main section')).toHaveCount(Object.keys(texts).length);
  for (const [name, text] of Object.entries(texts)) {
    await card(page, name).scrollIntoViewIfNeeded();
    await expect(card(page, name).locator('> div')).toHaveText(text);
    // A key of a word that did not come along.
    await expect(card(page, name)).not.toHaveText(
      /\b(?:agenda|announcements|attention|changes|limits|messaging|school_type)\.[a-z]/,
    );
  }
});

test.describe('on a telephone', () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test('a card is asked for when one comes to it, and moves nothing', async ({ page, context }) => {
    await enter(context, 'demo-lycee', 'direction');
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    await page.goto(origin('demo-lycee'));
    await expect(card(page, 'Annonces')).toContainText('Bienvenue sur votre espace');
    const school = card(page, 'Votre établissement');
    const height = (await school.boundingBox())?.height;
    expect(asked).toContain('/api/v1/announcements/');
    expect(asked).not.toContain('/api/v1/current-tenant/audit_log/');
    expect(asked).not.toContain('/api/v1/current-tenant/info/');
    await school.scrollIntoViewIfNeeded();
    await expect(school).toContainText('1 rue de la Démonstration');
    expect((await school.boundingBox())?.height).toBe(height);
    // A keyboard may search the page.
    await page.keyboard.press('Control+f');
    await expect(card(page, 'Derniers changements')).toHaveText(
      /Données de démonstration|Agenda «|Session|direction@/,
    );
    // What was seen stays.
    await expect(card(page, 'Annonces')).toContainText('Bienvenue sur votre espace');
  });
});
