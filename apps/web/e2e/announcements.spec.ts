import { expectAccessible } from './support/accessible.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'fr-FR' });
const SCHOOL = 'demo-lycee';

test('a teacher writes for parents, an administrator approves, a parent reads, the author sees that it was read', async ({
  page,
  context,
  browser,
}) => {
  const direction = await browser.newContext({ locale: 'fr-FR' });
  const cookie = await enter(direction, SCHOOL, 'direction');
  const settings = (approval: boolean) =>
    ask(SCHOOL, '/api/v1/announcements/settings/', { method: 'PATCH', body: { approval }, cookie });
  expect((await settings(true)).status).toBe(200);

  await enter(context, SCHOOL, 'enseignante');
  await page.goto(`${origin(SCHOOL)}/announcements/new`);
  await page.getByLabel('Titre').fill('Réunion de rentrée');
  await page
    .getByLabel('Texte')
    .fill('Rendez-vous **jeudi** dans le préau.\n\n- 18 h\n- <script>alert(1)</script>');
  await page.getByRole('button', { name: 'Aperçu' }).click();
  await expect(page.locator('strong', { hasText: 'jeudi' })).toBeVisible();
  await page.getByLabel('Parents', { exact: true }).check();
  await page.getByLabel('Joindre un fichier').setInputFiles({
    name: 'plan.txt',
    mimeType: 'text/plain',
    buffer: Buffer.from('Par la cour.'),
  });
  await expect(page.getByRole('button', { name: 'Retirer plan.txt' })).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Publier', exact: true }).click();
  await expect(page.getByText('À approuver', { exact: true })).toBeVisible();
  const path = new URL(page.url()).pathname;

  const parent = await browser.newContext({ locale: 'fr-FR' });
  await enter(parent, SCHOOL, 'parent');
  const reading = await parent.newPage();
  await reading.goto(`${origin(SCHOOL)}/announcements`);
  await expect(reading.getByRole('heading', { name: 'Annonces' })).toBeVisible();
  await expect(reading.getByText('Réunion de rentrée')).toHaveCount(0);

  const deciding = await direction.newPage();
  await deciding.goto(`${origin(SCHOOL)}/announcements?shelf=submitted`);
  await deciding.getByRole('link', { name: 'Réunion de rentrée' }).click();
  await expect(deciding.getByRole('region', { name: 'Décision' })).toBeVisible();
  await expectAccessible(deciding);
  await deciding.getByRole('button', { name: 'Approuver' }).click();
  await expect(deciding.getByRole('region', { name: 'Décision' })).toHaveCount(0);

  // Nobody reloads: it arrives in the page that is open.
  await reading.getByRole('link', { name: 'Réunion de rentrée' }).click();
  await expect(reading.locator('strong', { hasText: 'jeudi' })).toBeVisible();
  await expect(reading.getByText('<script>alert(1)</script>')).toBeVisible();
  await expect(reading.getByRole('link', { name: 'plan.txt' })).toBeVisible();
  await expectAccessible(reading);

  await expect(async () => {
    await page.goto(origin(SCHOOL) + path);
    await expect(page.getByText('1 lecteur')).toBeVisible();
  }).toPass();

  const pupil = await browser.newContext({ locale: 'fr-FR' });
  const pupils = await enter(pupil, SCHOOL, 'eleve');
  expect((await ask(SCHOOL, `/api/v1${path}/`, { cookie: pupils })).status).toBe(404);

  expect((await settings(false)).status).toBe(200);
  expect((await ask(SCHOOL, `/api/v1${path}/`, { method: 'DELETE', cookie })).status).toBe(204);
  for (const other of [direction, parent, pupil]) await other.close();
});
