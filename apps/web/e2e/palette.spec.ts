import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test('the palette finds schools, pages and actions with the keyboard, and gives the focus back', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(origin('console'));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  await page.keyboard.press('ControlOrMeta+k');
  const field = page.getByRole('combobox', { name: 'Aller à, chercher, faire' });
  await expect(field).toBeFocused();
  await page.keyboard.type('flotte');
  await expect(page.getByRole('option')).toHaveCount(1);
  await expectAccessible(page);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Flotte');
  await expect(field).toHaveCount(0);

  const button = page.getByRole('button', { name: 'Rechercher' });
  await button.click();
  await page.keyboard.type('tilleuls démo');
  const school = page.getByRole('option', { name: /^Collège Démo des Tilleuls(?! \(copie\))/ });
  await expect(school).toHaveAttribute('data-highlighted', '');
  await expect(field).toHaveAttribute('aria-activedescendant', (await school.getAttribute('id')) ?? '');
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.type('tilleuls démo');
  await expect(school).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Collège Démo des Tilleuls' })).toBeFocused();
  // From one school's page to another's.
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('petit-bois');
  await expect(page.getByRole('option', { name: /Petit-Bois/ })).toHaveAttribute('data-highlighted', '');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'École Démo du Petit-Bois' })).toBeFocused();

  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('sombre');
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'dark');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('zzzz');
  await expect(page.getByText('Rien ne correspond.').first()).toBeVisible();
});

test('the palette opened again before the next page has come keeps what is typed', async ({
  page,
  context,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(origin('console'));
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('ControlOrMeta+k');
  const field = page.getByRole('combobox', { name: 'Aller à, chercher, faire' });
  await expect(field).toBeFocused();
  await page.keyboard.type('flotte');
  // At once: the page's heading asks for the focus while this is being typed.
  await page.keyboard.press('Enter');
  await page.keyboard.press('ControlOrMeta+k');
  await page.keyboard.type('sombre');
  await expect(field).toHaveValue('sombre');
  await expect(page.getByRole('heading', { level: 1, name: 'Flotte', includeHidden: true })).toBeVisible();
  await expect(field).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-mode', 'dark');
});
