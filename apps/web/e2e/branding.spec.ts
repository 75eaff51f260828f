import { ask, enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-ecole';
/** Read back, its red is one step off: a picture is made small before its colours are counted. */
const LOGO = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="120"><path fill="#a01428" d="M0 0h320v60H0z"/><path fill="#143ca0" d="M0 60h320v60H0z"/></svg>`;

test('a logo is tried by the keyboard, seen in the preview alone, published to open pages, and taken back', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/branding`);
  const elsewhere = await browser.newContext({ locale: 'en-GB' });
  await enter(elsewhere, SCHOOL, 'enseignante');
  const reader = await elsewhere.newPage();
  await reader.goto(`${origin(SCHOOL)}/`);
  const worn = reader.getByRole('banner').locator('img');
  await expect(reader.getByRole('heading', { level: 1 })).toBeVisible();

  const choose = page.getByRole('button', { name: 'Choose a logo' });
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), choose.press('Enter')]);
  await chooser.setFiles({ name: 'logo.txt', mimeType: 'text/plain', buffer: Buffer.from('not a picture') });
  await expect(page.getByText(/is of a type .* that is not accepted here/)).toBeVisible();

  const [again] = await Promise.all([page.waitForEvent('filechooser'), choose.press('Enter')]);
  await again.setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) });
  await expect(page.getByRole('img', { name: /^Logo of/ })).toBeVisible();
  await page.getByRole('button', { name: 'Use the logo' }).press('Enter');
  await page.getByRole('button', { name: 'Use #9f1428 and #143ca0' }).click();
  await expect(page.getByLabel('Primary colour', { exact: true })).toHaveValue(/#9f1428/i);
  await expect(page.getByText(/^Draft saved by/)).toBeVisible();

  // The preview wears it; the page around it, and whoever is not an editor, do not.
  const preview = page.frameLocator('iframe');
  await expect(preview.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(preview.locator('html')).toHaveCSS('--preau-primary', '#9f1428');
  const tried = preview.getByRole('banner').locator('img');
  await expect(tried).toHaveAttribute('src', /theme\/pictures/);
  await expect(page.locator('[data-tab-picture]')).toHaveAttribute('src', /theme\/pictures/);
  await page.getByRole('button', { name: 'Phone', exact: true }).click();
  await page.getByRole('button', { name: 'Dark mode', exact: true }).click();
  await expect(tried).toHaveJSProperty('complete', true);
  expect(await tried.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
  await expect(page.getByRole('banner').locator('img')).toHaveCount(0);
  const seen = JSON.parse((await ask(SCHOOL, '/api/v1/current-tenant/theme/')).text) as { logo_url: null };
  expect(seen.logo_url).toBeNull();
  await expect(worn).toHaveCount(0);

  // Given up at one press, and taken up again as it was.
  await page.getByRole('button', { name: 'Give the draft up' }).click();
  await expect(tried).toHaveCount(0);
  await page.getByRole('button', { name: 'Take it up again' }).click();
  await expect(tried).toHaveAttribute('src', /theme\/pictures/);
  await expect(page.getByText(/^Draft saved by/)).toBeVisible();

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.getByText('The look is published', { exact: true }).first()).toBeVisible();
  // A page that was open all the while.
  await expect(worn).toHaveAttribute('src', /current-tenant\/logo\/\?v=/);
  await expect(reader.locator('link[rel=icon]')).toHaveAttribute('href', /current-tenant\/favicon\/\?v=/);
  const row = page.getByRole('listitem').filter({ hasText: 'online' });
  await expect(
    row.getByText('Changed: primary colour, secondary colour, logo and tab picture'),
  ).toBeVisible();
  await expect(row.locator('img')).toHaveCount(2);

  // Whoever logs in sees it too.
  const visitor = await browser.newContext({ locale: 'en-GB' });
  const login = await visitor.newPage();
  await login.goto(`${origin(SCHOOL)}/login`);
  await expect(login.locator('main img')).toHaveAttribute('src', /current-tenant\/logo/);
  await visitor.close();

  await page.getByRole('button', { name: 'Restore (Version 1)' }).click();
  await page.getByRole('button', { name: 'Go back to this version' }).click();
  await expect(page.getByText(/taken from version 1$/).first()).toBeVisible();
  await expect(worn).toHaveCount(0);
  await expect(page.getByRole('img', { name: /^Logo of/ })).toBeHidden();
  await elsewhere.close();
});

test('a draft outlives the page, two editors meet in a choice, and what was published can be taken back', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/branding`);
  const primary = page.getByLabel('Primary colour', { exact: true });
  await expect(primary).toHaveValue(/^#[0-9A-F]{6}$/i);
  const first = await primary.inputValue();
  await primary.fill('#4E342E');
  await expect(page.getByText(/^Draft saved by/)).toBeVisible();
  await page.reload();
  await expect(primary).toHaveValue('#4E342E');
  const seen = JSON.parse((await ask(SCHOOL, '/api/v1/current-tenant/theme/')).text) as {
    primary_color: string;
  };
  expect(seen.primary_color).toBe(first);

  // Somebody else, in another browser, changes the other colour too.
  const elsewhere = await browser.newContext({ locale: 'en-GB' });
  await enter(elsewhere, SCHOOL, 'direction');
  const other = await elsewhere.newPage();
  await other.goto(`${origin(SCHOOL)}/branding`);
  await expect(other.getByLabel('Primary colour', { exact: true })).toHaveValue('#4E342E');
  await other.getByLabel('Primary colour', { exact: true }).fill('#00695C');
  await other.getByLabel('Secondary colour', { exact: true }).fill('#FFEB3B');
  const [chooser] = await Promise.all([
    other.waitForEvent('filechooser'),
    other.getByRole('button', { name: 'Choose a logo' }).click(),
  ]);
  await chooser.setFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(LOGO) });
  await expect(other.getByRole('img', { name: /^Logo of/ })).toBeVisible();
  await expect(other.getByText(/^Draft saved by/)).toBeVisible();
  await elsewhere.close();

  await primary.fill('#6A1B9A');
  const choice = page.getByRole('dialog', { name: 'Somebody else has changed the look' });
  await expect(choice).toBeVisible();
  await choice.getByRole('radio', { name: 'Yours: #6A1B9A' }).check();
  await expect(choice.getByRole('radio', { name: 'Theirs: the picture on the left' })).toBeChecked();
  await choice.getByRole('button', { name: 'Keep this choice' }).click();
  await expect(choice).toBeHidden();
  await expect(page.getByRole('img', { name: /^Logo of/ })).toBeVisible();
  await expect(primary).toHaveValue('#6A1B9A');
  await expect(page.getByLabel('Secondary colour', { exact: true })).toHaveValue('#FFEB3B');
  await expect(page.getByText(/^Draft saved by/)).toBeVisible();

  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await expect(page.locator('html')).toHaveCSS('--preau-primary', '#6a1b9a');
  await page.getByRole('button', { name: 'Undo the publication' }).click();
  await expect(page.getByText('The look of before is back')).toBeVisible();
  await expect(primary).toHaveValue(first);

  await page.getByRole('button', { name: /^Compare \(Version 1\)/ }).click();
  await expect(page.getByText('The preview shows version 1')).toBeVisible();
});
