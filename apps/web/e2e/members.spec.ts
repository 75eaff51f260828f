import { tabTo } from './support/keyboard.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';

test.use({ locale: 'en-GB' });
const SCHOOL = 'demo-college';

test('a teacher is invited, accepts, appears among the members, gets another role and is logged out', async ({
  page,
  context,
  browser,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/`);
  await page.getByRole('link', { name: 'Members' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Members' })).toBeVisible();
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(dialog.getByText('This field is required.').first()).toBeVisible();
  await dialog.getByLabel('E-mail address').fill('ada@demo-college.invalid');
  await dialog.getByLabel('Role').selectOption('Teacher');
  await dialog.getByRole('button', { name: 'Send the invitation' }).click();
  const link = await page.getByLabel('Invitation link').inputValue();

  const theirs = await browser.newContext({ locale: 'en-GB' });
  const teacher = await theirs.newPage();
  await teacher.goto(link);
  await teacher.getByLabel('Full name').fill('Ada Lovelace');
  await teacher.getByLabel('Choose a password').fill('quatre mots bien choisis');
  await teacher.getByRole('button', { name: 'Join the school' }).click();
  // In the navigation: the card of the home page has the same name.
  await expect(teacher.getByRole('navigation').getByRole('link', { name: 'Announcements' })).toBeVisible();
  await expect(teacher.getByRole('link', { name: 'Members' })).toHaveCount(0);

  await page.reload();
  await page.getByLabel('Search for a name').fill('lovelace');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(2);
  await expect(rows.nth(1)).toContainText('Ada Lovelace');
  await expect(rows.nth(1)).toContainText('Teacher');
  await page.getByRole('button', { name: 'Actions for Ada Lovelace' }).click();
  await page.getByRole('menuitem', { name: 'Edit' }).click();
  await dialog.getByLabel('Role').selectOption('Staff');
  await expect(dialog.getByText('this person will have to log in again')).toBeVisible();
  await dialog.getByLabel('Title').fill('School office');
  await dialog.getByRole('button', { name: 'Save' }).click();
  await expect(rows.nth(1)).toContainText('Staff');
  await expect(rows.nth(1)).toContainText('School office');

  // Told at once: nothing has to be clicked.
  await expect(teacher.getByText('Your session has ended')).toBeVisible();
  await teacher.goto(link);
  await expect(teacher.getByText('This link has been used already')).toBeVisible();
  await theirs.close();
});

test('a request is approved in another role; the last administrator stays, and the page says so', async ({
  page,
  context,
}) => {
  await enter(context, SCHOOL, 'direction');
  await page.goto(`${origin(SCHOOL)}/members/waiting`);
  await page.getByRole('button', { name: 'Approve Inscription (démo)' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Role').selectOption('Parent');
  await dialog.getByRole('button', { name: 'Approve' }).click();
  await expect(page.getByText('No request is waiting')).toBeVisible();

  await page.getByRole('tab', { name: 'Members' }).click();
  await page.getByLabel('Role', { exact: true }).selectOption('Administrator');
  await page.getByRole('button', { name: 'Actions for Direction (démo)' }).click();
  await page.getByRole('menuitem', { name: 'Remove from the school' }).click();
  const confirm = page.getByRole('alertdialog');
  await confirm.getByRole('button', { name: 'Remove from the school' }).click();
  await expect(confirm.getByText('This is the school’s last administrator')).toBeVisible();
  await confirm.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('table')).toContainText('Direction (démo)');
});

test('the focus stays in the list when the row that it was in is removed', async ({ page, context }) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  const emails = ['una@demo-college.invalid', 'duo@demo-college.invalid'];
  for (const email of emails)
    await ask(SCHOOL, '/api/v1/invitations/', { body: { email, role: 'parent' }, cookie });
  await page.goto(`${origin(SCHOOL)}/members/invitations`);
  const buttons = page.getByRole('button', { name: /^Take back the invitation of/ });
  await expect(buttons).not.toHaveCount(0);
  for (let left = await buttons.count(); left > 0; left -= 1) {
    // What is next below, or above the last.
    const next = left > 1 ? await buttons.nth(1).getAttribute('aria-label') : null;
    await buttons.first().focus();
    await page.keyboard.press('Enter');
    const confirm = page.getByRole('alertdialog');
    await tabTo(page, 'Take back');
    await page.keyboard.press('Enter');
    await expect(confirm).toBeHidden();
    await expect(buttons).toHaveCount(left - 1);
    await expect(
      next ? page.getByRole('button', { name: next, exact: true }) : page.getByRole('table'),
    ).toBeFocused();
  }
});

test('an invitation is taken back', async ({ page, context }) => {
  const cookie = await enter(context, SCHOOL, 'direction');
  const { text } = await ask(SCHOOL, '/api/v1/invitations/', {
    body: { email: 'zoe@demo-college.invalid', role: 'parent' },
    cookie,
  });
  const { invitation_url: link } = JSON.parse(text) as { invitation_url: string };
  await page.goto(`${origin(SCHOOL)}/members/invitations`);
  await page.getByRole('button', { name: 'Take back the invitation of zoe@demo-college.invalid' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Take back' }).click();
  await expect(page.getByText('Invitation taken back')).toBeVisible();
  await page.goto(link);
  await expect(page.getByText('The school has taken this invitation back')).toBeVisible();
});
