import { readFile } from 'node:fs/promises';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expectAccessible } from './support/accessible.ts';
import { ask, enter, expect, origin, test } from './support/school-pages.ts';
import { wordsIn } from './support/words.ts';

const ROLES = { admin: 'direction', teacher: 'enseignante', parent: 'parent', student: 'eleve' } as const;
type Role = keyof typeof ROLES;
interface Person {
  context: BrowserContext;
  page: Page;
  cookie: string;
}

/** The same days of a school for its four kinds of people, in each language and on each width. */
const SCENES = [
  { language: 'fr', locale: 'fr-FR', width: 1440, school: 'demo-lycee', group: /^2de A · / },
  { language: 'en', locale: 'en-GB', width: 390, school: 'demo-ecole', group: /^CP · / },
] as const;

async function people(browser: Browser, scene: (typeof SCENES)[number]): Promise<Record<Role, Person>> {
  const entries = Object.entries(ROLES).map(async ([role, label]) => {
    const context = await browser.newContext({
      locale: scene.locale,
      viewport: { width: scene.width, height: 900 },
      colorScheme: scene.width < 600 ? 'dark' : 'light',
    });
    const cookie = await enter(context, scene.school, label);
    return [role, { context, cookie, page: await context.newPage() }] as const;
  });
  return Object.fromEntries(await Promise.all(entries)) as Record<Role, Person>;
}

for (const scene of SCENES) {
  const say = wordsIn(scene.language);
  const at = (path: string) => `${origin(scene.school)}${path}`;
  const isPhone = scene.width < 600;
  const title = `Carnaval ${scene.language}`;
  const file = `parcours-${scene.language}.txt`;

  test(`a teacher, a parent, a student and an administrator live a day of school (${scene.language}, ${scene.width} px)`, async ({
    browser,
  }) => {
    test.setTimeout(150_000);
    const { admin, teacher, parent, student } = await people(browser, scene);
    const api = (who: Person, path: string, body?: object, method?: string) =>
      ask(scene.school, `/api/v1${path}`, {
        cookie: who.cookie,
        ...(body ? { body } : {}),
        ...(method ? { method } : {}),
      });
    const link = (who: Person, key: string) => who.page.getByRole('link', { name: say(key), exact: true });
    const inNav = (who: Person, key: string) =>
      who.page
        .getByRole('navigation', { name: say('app.main_nav') })
        .getByRole('link', { name: say(key), exact: true });
    const button = (who: Person, key: string) =>
      who.page.getByRole('button', { name: say(key), exact: true });
    const heading = (who: Person, key: string) =>
      who.page.getByRole('heading', { level: 1, name: say(key), exact: true });
    /** Opens a page that hears what the school says from then on. */
    const openLive = async (who: Person, path: string) => {
      const opening = who.page.waitForEvent('websocket', (socket) => socket.url().includes('/realtime/'));
      await who.page.goto(at(path));
      await (
        await opening
      ).waitForEvent('framereceived', ({ payload }) => payload.toString().includes('"ready"'));
    };

    await test.step('media: the teacher adds a file; it is the staff’s to browse', async () => {
      await teacher.page.goto(at('/media'));
      await teacher.page
        .getByLabel(say('media.choose'))
        .setInputFiles({ name: file, mimeType: 'text/plain', buffer: Buffer.from('Par la cour.') });
      await expect(
        teacher.page
          .getByRole('region', { name: say('media.uploads') })
          .getByRole('listitem')
          .filter({ hasText: file }),
      ).toContainText(say('media.state.done'));
      const open = say('media.open', { name: file });
      await admin.page.goto(at('/media'));
      await admin.page.getByRole('button', { name: open }).click();
      await expect(admin.page.getByRole('dialog').getByText('Enseignante (démo)')).toBeVisible();
      await expectAccessible(admin.page);
      for (const one of [parent, student]) {
        await one.page.goto(at('/'));
        await expect(inNav(one, 'announcements.nav')).toBeVisible();
        await expect(inNav(one, 'media.nav')).toHaveCount(0);
        expect((await api(one, '/media/')).status).toBe(403);
      }
      await parent.page.goto(at('/media'));
      await expect(parent.page.getByText(say('reserved.what'), { exact: true })).toBeVisible();
      await expect(button(parent, 'media.add')).toHaveCount(0);
      await expectAccessible(parent.page);
    });

    await test.step('announcements: the teacher writes to a class, its families read, the administrator looks after it', async () => {
      await openLive(parent, '/announcements');
      await expect(heading(parent, 'announcements.title')).toBeVisible();
      await teacher.page.goto(at('/announcements'));
      await link(teacher, 'announcements.new').click();
      await teacher.page.getByLabel(say('announcements.field_title')).fill(title);
      await teacher.page
        .getByLabel(say('announcements.field_body'))
        .fill('Rendez-vous **jeudi** dans le préau.');
      await teacher.page.getByRole('checkbox', { name: scene.group }).check();
      await teacher.page.getByLabel(say('announcements.attach_known')).selectOption(file);
      await expectAccessible(teacher.page);
      await button(teacher, 'announcements.publish').click();
      await expect(teacher.page.getByRole('heading', { level: 1, name: title })).toBeVisible();
      const path = new URL(teacher.page.url()).pathname;

      // It comes into the page that is open, not read yet.
      const card = parent.page.getByRole('article').filter({ hasText: title });
      await expect(card.getByText(say('announcements.unread'))).toBeAttached();
      await card.getByRole('link', { name: title }).click();
      await expect(parent.page.locator('strong', { hasText: 'jeudi' })).toBeVisible();
      const [download] = await Promise.all([
        parent.page.waitForEvent('download'),
        parent.page.getByRole('link', { name: file }).click(),
      ]);
      expect(await readFile(await download.path(), 'utf8')).toBe('Par la cour.');
      await expectAccessible(parent.page);
      await parent.page.goto(at('/announcements'));
      await expect(card).toBeVisible();
      await expect(card.getByText(say('announcements.unread'))).toHaveCount(0);
      await expect(async () => {
        await teacher.page.goto(at(path));
        await expect(teacher.page.getByText(say('announcements.readers', { n: 1 }))).toBeVisible({
          timeout: 2_000,
        });
      }).toPass();

      await openLive(student, '/announcements');
      await expect(student.page.getByRole('link', { name: title })).toBeVisible();
      await expect(link(student, 'announcements.new')).toHaveCount(0);
      expect((await api(student, '/announcements/', { title: 'x', body: 'x' })).status).toBe(403);

      await admin.page.goto(at(path));
      await link(admin, 'action.edit').click();
      await admin.page.getByLabel(say('announcements.field_title')).fill(`${title} (jeudi)`);
      await button(admin, 'action.save').click();
      await expect(student.page.getByRole('link', { name: `${title} (jeudi)` })).toBeVisible();
      await button(admin, 'action.delete').click();
      await admin.page
        .getByRole('alertdialog')
        .getByRole('button', { name: say('action.delete'), exact: true })
        .click();
      await expect(student.page.getByRole('link', { name: `${title} (jeudi)` })).toHaveCount(0);
    });

    await test.step('agenda: the teacher adds a series, the student sees it at once and takes it along', async () => {
      const shown = (who: Person) =>
        who.page.getByRole('link', { name: new RegExp(`${title}$`) }).filter({ visible: true });
      const month = new Date().toISOString().slice(0, 7);
      const first = `${month}-02`;
      await openLive(student, `/agenda?day=${month}-01`);
      await expect(heading(student, 'agenda.title')).toBeVisible();
      await expect(link(student, 'agenda.new')).toHaveCount(0);
      expect((await api(student, '/events/', { title: 'x', starts_at: first, ends_at: first })).status).toBe(
        403,
      );

      await teacher.page.goto(at('/agenda'));
      await link(teacher, 'agenda.new').click();
      await teacher.page.getByLabel(say('agenda.field.title')).fill(title);
      await teacher.page.getByLabel(say('agenda.field.place')).fill('Préau');
      await teacher.page.getByLabel(say('agenda.field.last')).fill(first);
      await teacher.page.getByLabel(say('agenda.field.first')).fill(first);
      await teacher.page.getByLabel(say('agenda.field.last')).fill(first);
      await teacher.page.getByLabel(say('agenda.field.repeat')).selectOption(say('agenda.repeat.WEEKLY'));
      await teacher.page.getByLabel(say('agenda.field.until')).fill(`${month}-24`);
      await teacher.page.getByRole('checkbox', { name: scene.group }).check();
      await expectAccessible(teacher.page);
      await button(teacher, 'agenda.create').click();
      await expect(teacher.page.getByRole('heading', { level: 1, name: title })).toBeVisible();

      await expect(shown(student)).toHaveCount(4);
      if (!isPhone)
        await expect(student.page.getByRole('table').getByRole('link', { name: title })).toHaveCount(4);
      await expectAccessible(student.page);
      await button(student, 'agenda.view.list').click();
      await expect(shown(student)).toHaveCount(4);
      await shown(student).first().click();
      await expect(student.page.getByRole('article').getByText('Préau', { exact: true })).toBeVisible();
      for (const key of ['agenda.edit_series', 'agenda.cancel_this', 'agenda.delete_series']) {
        await expect(link(student, key)).toHaveCount(0);
        await expect(button(student, key)).toHaveCount(0);
      }
      const [calendar] = await Promise.all([
        student.page.waitForEvent('download'),
        link(student, 'agenda.download').click(),
      ]);
      expect(await readFile(await calendar.path(), 'utf8')).toMatch(/RRULE:FREQ=WEEKLY/);

      await openLive(parent, `/agenda?day=${month}-01&view=list`);
      await expect(shown(parent)).toHaveCount(4);
      await admin.page.goto(at(`/agenda?day=${month}-01&view=list`));
      await shown(admin).nth(1).click();
      await button(admin, 'agenda.cancel_this').click();
      await admin.page
        .getByRole('alertdialog')
        .getByRole('button', { name: say('agenda.cancel_this') })
        .click();
      await expect(shown(parent)).toHaveCount(3);
      await expectAccessible(parent.page);
    });

    await test.step('records: the administrator imports a class after a look; each of the others sees their own', async () => {
      await admin.page.goto(at('/students'));
      await link(admin, 'students.import').click();
      await admin.page.setInputFiles('input[type=file]', {
        name: 'rentree.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `INE;Nom;Prénom;Date de naissance;Classe\nVIE${scene.width}A;Nouveau;Zoé;05/06/2014;Atelier\nVIE${scene.width}B;Essai;Yann;31/02/2014;Atelier\n`,
        ),
      });
      await button(admin, 'students.check').click();
      await expect(admin.page.getByText(say('students.new_classes', { names: 'Atelier' }))).toBeVisible();
      // Nothing is there before it is confirmed.
      expect(JSON.parse((await api(admin, '/students/?search=nouveau')).text).count).toBe(0);
      await expectAccessible(admin.page);
      await button(admin, 'students.confirm')
        .or(admin.page.getByRole('button', { name: say('students.confirm', { n: 1 }) }))
        .first()
        .click();
      await expect(admin.page.getByText(say('students.import_done', { file: 'rentree.csv' }))).toBeVisible();
      await link(admin, 'students.to_students').click();
      await admin.page.getByLabel(say('students.search')).fill('zoe NOUV');
      await admin.page.getByRole('link', { name: 'Nouveau Zoé' }).click();
      await expect(admin.page.getByRole('heading', { level: 1, name: 'Zoé Nouveau' })).toBeVisible();
      const stranger = new URL(admin.page.url()).pathname;

      await teacher.page.goto(at('/students'));
      await expect(teacher.page.getByRole('link', { name: 'Exemple Alba' })).toBeVisible();
      await expect(link(teacher, 'students.import')).toHaveCount(0);
      for (const one of [parent, student]) {
        await one.page.goto(at('/students'));
        await expect(one.page.getByRole('link', { name: 'Exemple Alba' })).toBeVisible();
        await expect(one.page.getByRole('link', { name: /^(Modèle|Fictif|Nouveau) / })).toHaveCount(0);
        await expect(link(one, 'students.import')).toHaveCount(0);
        expect((await api(one, `${stranger}/`)).status).toBe(404);
      }
      await expectAccessible(parent.page);
    });

    await test.step('directory: the administrator presents the school, and anybody reads it', async () => {
      await admin.page.goto(at('/network'));
      const words = `Une école qui se présente (${scene.language})`;
      await admin.page.getByLabel(say('network.short')).fill(words);
      await button(admin, 'action.save').click();
      await expect(admin.page.getByText(say('network.saved')).first()).toBeVisible();
      await expectAccessible(admin.page);
      const visitor = await browser.newContext({
        locale: scene.locale,
        viewport: { width: scene.width, height: 900 },
      });
      const page = await visitor.newPage();
      await page.goto(`${origin()}/directory/${scene.school}`);
      await expect(page.getByText(words)).toBeVisible();
      await visitor.close();
      await teacher.page.goto(at('/'));
      await expect(inNav(teacher, 'announcements.nav')).toBeVisible();
      await expect(button(teacher, 'portal.administration')).toHaveCount(0);
      expect((await api(teacher, '/network/profile/')).status).toBe(403);
    });

    await test.step('messages: the teacher writes to the parent, who answers as it comes', async () => {
      await openLive(parent, '/messages');
      await teacher.page.goto(at('/messages/new'));
      await teacher.page
        .getByLabel(say('messaging.to'))
        .selectOption({ label: `Parent (démo) (${say('role.parent')})` });
      await teacher.page.getByLabel(say('messaging.body'), { exact: true }).fill('Alba était absente.');
      await button(teacher, 'messaging.send').click();
      await expect(teacher.page.getByRole('list', { name: say('messaging.messages') })).toContainText(
        'absente',
      );
      await parent.page.getByRole('link', { name: /Alba était absente/ }).click();
      await parent.page.getByLabel(say('messaging.answer')).fill('Elle revient demain.');
      await button(parent, 'messaging.send').click();
      await expect(teacher.page.getByText('Elle revient demain.').last()).toBeVisible();
      await expectAccessible(parent.page);
      // Between two people: neither the others nor who looks after the school.
      const path = new URL(teacher.page.url()).pathname.replace('/messages/', '/conversations/');
      for (const one of [student, admin]) expect((await api(one, `${path}/`)).status).toBe(404);
    });
    for (const { context } of [admin, teacher, parent, student]) await context.close();
  });
}
