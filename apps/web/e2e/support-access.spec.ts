import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-ecole';

test('support asks, the school lets them in, everybody sees it, and the school shows them out', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, 'console', 'superadmin');
  await page.goto(`${origin('console')}/schools?search=${SCHOOL}`);
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('tab', { name: 'Support' }).click();
  await page.getByRole('button', { name: 'Ask for access' }).click();
  await expect(page.getByText('This field is required.').first()).toBeVisible();
  await expectAccessible(page);
  await page.getByLabel('Reason').fill('The announcements do not show');
  await page.getByRole('button', { name: 'Ask for access' }).click();
  await expect(page.getByText('Waiting')).toBeVisible();
  await expectAccessible(page);

  const theirs = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 390, height: 844 },
    colorScheme: 'dark',
  });
  await enter(theirs, SCHOOL, 'direction');
  const head = await theirs.newPage();
  await head.goto(`${origin(SCHOOL)}/`);
  await head.getByRole('link', { name: '1 support request awaits your answer' }).click();
  await expect(head.getByText('The announcements do not show')).toBeVisible();
  await expectAccessible(head);
  await head.getByLabel('Duration').selectOption('4 hours');
  await head.getByRole('button', { name: 'Grant' }).click();
  await expect(head.getByRole('status').filter({ hasText: 'has access to this school until' })).toBeVisible();
  await expectAccessible(head);

  const pupils = await browser.newContext({ locale: 'en-GB' });
  await enter(pupils, SCHOOL, 'enseignante');
  const teacher = await pupils.newPage();
  await teacher.goto(`${origin(SCHOOL)}/`);
  await expect(teacher.getByText('has access to this school until')).toBeVisible();
  await expect(teacher.getByRole('button', { name: 'End the access' })).toHaveCount(0);

  await page.reload();
  await page.getByRole('button', { name: 'Enter' }).click();
  await expect(page).toHaveURL(`${origin(SCHOOL)}/`);
  await expect(page.getByText('You are here as support')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Administration' }).click();
  await expect(page.getByRole('menuitem', { name: 'Branding' })).toBeVisible();
  await expect(page.getByRole('menuitem', { name: 'API keys' })).toHaveCount(0);
  await page.keyboard.press('Escape');

  await head.getByRole('listitem').getByRole('button', { name: 'End the access' }).first().click();
  await expect(head.getByText('has access to this school until')).toHaveCount(0);
  // The request below the banner knows of it too.
  await expect(head.getByText('Ended', { exact: true })).toBeVisible();
  // Told at once: nothing has to be clicked.
  await expect(page.getByRole('heading', { name: 'The support access has ended' })).toBeVisible();
  await expect(page.getByText('The school, or the platform itself, has ended it')).toBeVisible();
  await expectAccessible(page);
  await page.getByRole('link', { name: 'Back to the console' }).click();
  await expect(page).toHaveURL(new RegExp(`^${origin('console')}/`));
  await theirs.close();
  await pupils.close();
});
