import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-ecole';
/** Read back, its red is one step off: a picture is made small before its colours are counted. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120"><path fill="#a01428" d="M0 0h320v60H0z"/><path fill="#143ca0" d="M0 60h320v60H0z"/></svg>`;

test('a school gets a logo by the keyboard, takes its colours from it, and goes back', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/branding`);
  const choose = page.getByRole('button', { name: 'Choose a logo' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.press('Enter')]);
  await chooser.setFiles({ name: 'logo.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') });
  await expect(page.getByText(/is of a type .* that is not accepted here/)).toBeVisible();

  const [again] = await Promise.all([page.waitForEvent('filechooser'), choose.press('Enter')]);
  await again.setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) });
  await expect(page.getByRole('img', { name: /^Logo of/ })).toBeVisible();
  await expect(page.getByRole('banner').locator('img')).toHaveAttribute('src', /current-tenant\/logo/);

  await page.getByRole('button', { name: 'Use #9f1428 and #143ca0' }).click();
  await expect(page.getByLabel('Primary colour', { exact: true })).toHaveValue(/#9f1428/i);
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('The colours are saved')).toBeVisible();

  // Whoever logs in sees it too.
  await context.clearCookies();
  await page.goto(`${origin(SCHOOL)}/login`);
  await expect(page.locator('main img')).toHaveAttribute('src', /current-tenant\/logo/);

  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/branding`);
  await page.getByRole('button', { name: 'Remove the logo' }).click();
  await expect(page.getByRole('img', { name: /^Logo of/ })).toBeHidden();
});
