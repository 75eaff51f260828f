import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';

export interface Scene {
  name: string;
  /** Label before the base domain; none is the public site. */
  host?: string;
  path: string;
  /** Whose session: the platform's super-admin, or a person of the school. */
  as?: 'superadmin' | 'direction' | 'enseignante' | 'eleve' | 'parent';
  /** From the loaded page to what is to be seen. */
  prepare?: (page: Page) => Promise<void>;
  /** Has a place in the documentation: wide, in light mode and French. `pnpm shots` takes the picture, a page shows it. */
  documented?: boolean;
}

const LYCEE = 'demo-lycee';
const COLLEGE = 'demo-college';
/** What the name server of the pictures knows of. */
export const SHOWN_DOMAIN = 'www.lycee-demo.example';

async function openFirst(page: Page): Promise<void> {
  await page.locator('table a').first().click();
  await page.waitForURL(/\/schools\/[0-9a-f-]{36}/);
  await page.getByRole('tablist').waitFor();
}

/** A school described as far as a step. */
async function describeSchool(page: Page, step: string): Promise<void> {
  const fields = page.locator('form input');
  await fields.first().waitFor();
  const typed = [
    'Lycée Berthe-Morisot',
    '',
    'ce@exemple.invalid',
    '0123456789',
    '',
    '5 rue du Port',
    '35000',
    'Rennes',
  ];
  const inputs = page.locator('form input:not([type=url])');
  const values = typed.filter((_, at) => at !== 4);
  for (const [at, value] of values.entries()) await inputs.nth(at).fill(value);
  for (const name of ['address', 'look', 'limits', 'check']) {
    await page.locator('main form button[type=submit]').click();
    await page.waitForURL(new RegExp(`step=${name}`));
    if (name === step) return;
  }
}

async function chooseSchools(page: Page): Promise<void> {
  const boxes = page.locator('tbody input[type=checkbox]');
  await boxes.first().waitFor();
  for (const box of (await boxes.all()).slice(0, 2)) await box.check();
}

/** An operation that changes nothing: the schools are open already, and those without a space refuse. */
async function reopenAll(page: Page): Promise<void> {
  const { job_id: id } = await send<{ job_id: string }>(page, '/tenants/bulk/', {
    action: 'activate',
    matching: {},
  });
  await page.goto(new URL(`/schools/bulk/${id}`, page.url()).href);
  await page.locator('table').waitFor();
}

async function openAnnouncement(page: Page): Promise<void> {
  await page.locator('main article a').first().click();
  await page.waitForURL(/\/announcements\/[0-9a-f-]{36}/);
  await page.locator('main article p').first().waitFor();
}

/** A logo in the draft: the preview wears it, the page does not. */
async function tryLogo(page: Page): Promise<void> {
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><path fill="#1f5fae" d="M8 4h48v34c0 12-11 19-24 23C19 57 8 50 8 38z"/><path fill="#fff" d="M18 20l14 5 14-5v20l-14 6-14-6z"/><path fill="#e0a526" d="M31 25h2v21h-2z"/></svg>`;
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(drawing) });
  const worn = page.frameLocator('iframe').getByRole('banner').locator('img');
  await worn.waitFor({ state: 'attached' });
  await page.locator('p[role=status]', { hasText: /brouillon enregistré|draft saved/i }).waitFor();
  const toast = page.getByRole('button', { name: /^(Fermer la notification|Dismiss the notification)/ });
  await toast.click();
  await toast.waitFor({ state: 'detached' });
}

async function openSignup(page: Page): Promise<void> {
  await page.locator('table a').first().click();
  await page.waitForURL(/\/signups\/[0-9a-f-]{36}/);
  await page.locator('dl').first().waitFor();
}

async function openPolicy(page: Page): Promise<void> {
  await page.locator('main header button').first().click();
  await page.getByRole('dialog').getByRole('radio').first().waitFor();
}

async function openFirstJob(page: Page): Promise<void> {
  await page.locator('table a').first().click();
  await page.waitForURL(/\/jobs\/[0-9a-f-]{36}/);
  await page.locator('dl').waitFor();
}

async function verifyTrail(page: Page): Promise<void> {
  await page.locator('[aria-live] > button').click();
  await page.locator('[aria-live] > div').first().waitFor();
}

async function openNewKey(page: Page): Promise<void> {
  await page.locator('main button').first().click();
  await page.getByRole('dialog').waitFor();
}

/** The session is gone, of which the page hears with the next thing that it asks. */
async function loseSession(page: Page): Promise<void> {
  await page.locator('main form input').first().fill('Sortie au musée');
  await page.locator('main form textarea').first().fill('Jeudi, avec un pique-nique.');
  await page.context().clearCookies();
  // Not as a hand would: what the page asks meanwhile may have covered it already.
  await page.locator('main form button[type=submit]').first().dispatchEvent('click');
  await page.locator('[data-cover] input[type=password]').waitFor();
}

async function openRow(page: Page): Promise<void> {
  await page.locator('table button').first().click();
  await page.getByRole('dialog').waitFor();
}

async function compareFleet(page: Page): Promise<void> {
  await page.locator('section header button').click();
  await page.locator('section:has(header button) [aria-live] > div').first().waitFor();
}

async function openStudent(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Alba/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /Alba/ }).waitFor();
}

/** A file with a line of each kind, checked and not confirmed. */
async function checkRoster(page: Page): Promise<void> {
  await page.setInputFiles('input[type=file]', {
    name: 'rentree.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(
      'INE;Nom;Prénom;Date de naissance;Classe\nDEMO001;Exemple;Alba;03/01/2011;1re B\nNEUF1;Fictif;Zoé;05/06/2011;2de A\nNEUF2;Essai;Yann;31/02/2011;2de A\n',
    ),
  });
  await page.getByRole('button', { name: /Vérifier le fichier|Check the file/ }).click();
  await page.getByRole('table').waitFor();
}

async function openMember(page: Page): Promise<void> {
  await page.locator('tbody button').first().click();
  await page.getByRole('menuitem').first().click();
  await page.getByRole('dialog').waitFor();
}

async function openInvite(page: Page): Promise<void> {
  await page.locator('main header button').first().click();
  await page.getByRole('dialog').waitFor();
}

/** A domain of the school's own, checked: its record is not there yet. */
async function checkDomain(page: Page): Promise<void> {
  await openFirst(page);
  await page.goto(`${page.url()}/domains`);
  const check = page.locator('li', { hasText: SHOWN_DOMAIN }).locator('button').first();
  await page.locator('main li .font-mono').first().waitFor();
  if ((await check.count()) === 0) {
    await page.getByRole('button', { name: /^(Ajouter un domaine|Add a domain)$/ }).click();
    await page.getByRole('dialog').locator('input').first().fill(SHOWN_DOMAIN);
    await page.getByRole('dialog').locator('button[type=submit]').click();
  }
  await check.click();
  await page.locator('li li').first().waitFor();
}

/** A drawing and a text in the school's library; the pictures that are made of the drawing need not be there. */
async function fillLibrary(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const known = await fetch('/api/v1/media/?folder=school_assets');
    const { results } = (await known.json()) as { results: { name: string }[] };
    if (results.some(({ name }) => name.startsWith('La cour'))) return;
    const tree = (x: number) =>
      `<path fill="#3f7d58" d="M${x} 130a50 50 0 1 0 .1 0zM${x - 6} 220h12v120h-12z"/>`;
    const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="640" height="400"><path fill="#f2d7a0" d="M0 0h640v400H0z"/>${[80, 200, 320, 440, 560].map(tree).join('')}</svg>`;
    const form = new FormData();
    form.set('folder', 'school_assets');
    form.set('alt', 'La cour et ses tilleuls');
    form.set('file', new Blob([drawing]), 'La cour.svg');
    await fetch('/api/v1/media/', { method: 'POST', body: form });
    const text = new FormData();
    text.set('folder', 'documents');
    text.set('file', new Blob(['Lundi : soupe de potiron.']), 'Menu de la semaine.txt');
    await fetch('/api/v1/media/', { method: 'POST', body: text });
  });
  await page.reload();
  await page.locator('main ul button').first().waitFor();
}

async function openFile(page: Page): Promise<void> {
  await fillLibrary(page);
  await page.getByRole('button', { name: /^La cour/ }).click();
  await page.getByRole('dialog').waitFor();
}

async function listFiles(page: Page): Promise<void> {
  await fillLibrary(page);
  await page.locator('form [role=group] button').last().click();
  await page.locator('table').waitFor();
}

/** Schools that are nobody's, and lines that are refused. */
const SCHOOLS_FILE = [
  'identifiant_de_l_etablissement;nom_etablissement;type_etablissement;adresse_1;code_postal;nom_commune;telephone;mail;latitude',
  '0010001W;Collège Saint-Exupéry;Collège;1 rue du Stade;01000;Bourg-en-Bresse;0474000001;ce.0010001w@example.org;46.2',
  '0010002X;École élémentaire des Tilleuls;Ecole;2 rue des Tilleuls;01000;Bourg-en-Bresse;0474000002;ce.0010002x@example.org;46.2',
  '0010003A;Lycée de la Dombes;Lycée;3 avenue de la Gare;01330;Villars-les-Dombes;0474000003;;46.0',
  '0010004Z;Inspection de circonscription;Service Administratif;4 place Bernard;01000;Bourg-en-Bresse;0474000004;ce.0010004z@example.org;46.2',
].join('\n');

async function checkFile(page: Page): Promise<void> {
  await page.locator('input[type=file]').setInputFiles({
    name: 'annuaire.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(SCHOOLS_FILE),
  });
  await page.locator('main form button[type=submit]').click();
  await page.locator('table').waitFor();
}

/** An export of the school, of which whoever asked for it is told when it is ready. */
async function beTold(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const known = async () => {
      const told = await (await fetch('/api/v1/notifications/')).json();
      return (told as { results: { kind: string }[] }).results.some(
        ({ kind }) => kind === 'bundles.export_ready',
      );
    };
    if (await known()) return;
    await fetch('/api/v1/exports/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    while (!(await known())) await new Promise((resolve) => setTimeout(resolve, 250));
  });
  await page.reload();
  await page.locator('main ul a').first().waitFor();
}

/** What the page says to everybody; the console then has a mail to show. */
async function askForLink(page: Page): Promise<void> {
  await page.locator('input[type=email]').fill('direction@demo-college.invalid');
  await page.locator('main form button[type=submit]').click();
  await page.locator('main form').waitFor({ state: 'detached' });
}

/** Mails of two schools, kept because no server sends them. */
async function haveMails(page: Page): Promise<void> {
  const list = page.url();
  await page.waitForLoadState('networkidle');
  for (const school of [COLLEGE, LYCEE]) {
    if ((await page.locator('tbody a').count()) > 1) return;
    await page.goto(new URL('/forgotten-password', list.replace('console.', `${school}.`)).href);
    await page.locator('input[type=email]').fill(`direction@${school}.invalid`);
    await page.locator('main form button[type=submit]').click();
    await page.locator('main form').waitFor({ state: 'detached' });
    await page.goto(list);
    await page.locator('tbody a').first().waitFor();
  }
}

async function beginEnrolment(page: Page): Promise<void> {
  await page.locator('input[type=password]').first().fill('preau-demo-2026');
  await page.locator('main form button[type=submit]').first().click();
  await page.locator('img[src^="data:image/svg"]').waitFor();
}

/** A request in the page's own name: its host, its cookies. */
const send = <Body>(page: Page, path: string, body: object): Promise<Body> =>
  page.evaluate(
    async ([url, payload]) => {
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(`/api/v1${url}`, { method: 'POST', headers, body: payload });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${url} ${text}`);
      return text === '' ? null : JSON.parse(text);
    },
    [path, JSON.stringify(body)] as const,
  );

const invite = async (page: Page): Promise<{ email: string; link: string }> => {
  const email = `invite-${Date.now()}@exemple.invalid`;
  const made = await send<{ invitation_url: string }>(page, '/invitations/', { email, role: 'parent' });
  return { email, link: made.invitation_url };
};

async function haveKey(page: Page): Promise<void> {
  const rows = page.locator('tbody button');
  await page.locator('main button').first().waitFor();
  await page.waitForLoadState('networkidle');
  if ((await rows.count()) > 0) return;
  await send(page, '/api_keys/', {
    name: 'Cantine',
    scopes: ['members:read'],
    allowed_addresses: ['192.0.2.0/24'],
  });
  await page.reload();
  await rows.first().waitFor();
}

async function openInvitation(page: Page): Promise<void> {
  const { link } = await invite(page);
  await page.goto(link);
  await page.locator('input[type=password]').waitFor();
}

/** Somebody new with an authenticator application has given the password. */
async function reachSecondStep(page: Page): Promise<void> {
  const { email, link } = await invite(page);
  const password = 'preau-demo-2026';
  // The session that opens would end the one before it, which other scenes use.
  await page.context().clearCookies();
  const token = link.split('/').at(-1) ?? '';
  await send(page, `/invitations/${token}/accept/`, { full_name: 'Parent (démo)', password });
  const { secret } = await send<{ secret: string }>(page, '/auth/second_factor/totp/', {
    current_password: password,
  });
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate();
  await send(page, '/auth/second_factor/totp/confirm/', { code });
  await send(page, '/auth/logout/', {});
  await page.goto(new URL('/login', page.url()).href);
  await page.locator('input[type=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await page.locator('main form button[type=submit]').click();
  await page.locator('input[autocomplete=one-time-code]').waitFor();
}

/** A conversation in which a file was sent. @returns its id. */
const haveConversation = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const ask = async (path: string) => (await fetch(`/api/v1${path}`)).json();
    const known = (await ask('/conversations/')) as { results: { id: string; subject: string | null }[] };
    const there = known.results.find(({ subject }) => subject === 'Sortie au musée');
    if (there) return there.id;
    const form = new FormData();
    form.set('file', new Blob(['Autorisation de sortie']), 'Autorisation.txt');
    const sent = await fetch('/api/v1/conversations/files/', { method: 'POST', body: form });
    const { results } = (await sent.json()) as { results: { id: string }[] };
    const { people } = (await ask('/conversations/recipients/?search=parent')) as {
      people: { id: string }[];
    };
    const answer = await fetch('/api/v1/conversations/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        user_ids: [people[0]?.id],
        subject: 'Sortie au musée',
        body: 'Merci de rendre l’autorisation signée avant jeudi.',
        files: results.map(({ id }) => id),
      }),
    });
    return ((await answer.json()) as { id: string }).id;
  });

async function openConversation(page: Page): Promise<void> {
  await page.goto(new URL(`/messages/${await haveConversation(page)}`, page.url()).href);
  await page.locator('main ol a').first().waitFor();
}

/** Something that was reported, and what was said around it. */
async function openReport(page: Page): Promise<void> {
  const id = await haveConversation(page);
  await page.evaluate(async (conversation) => {
    const messages = `/api/v1/conversations/${conversation}/messages/`;
    const { results } = (await (await fetch(messages)).json()) as { results: { id: string }[] };
    await fetch(`${messages}${results[0]?.id}/report/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reason: 'Ce fichier n’est pas le bon' }),
    });
  }, id);
  await page.reload();
  await page.locator('main article button').first().click();
  await page.locator('main article ol').waitFor();
}

async function openGroup(page: Page): Promise<void> {
  const { results } = await page.evaluate(
    async () =>
      (await (await fetch('/api/v1/groups/?search=Conseil')).json()) as { results: { id: string }[] },
  );
  const id =
    results[0]?.id ??
    (
      await send<{ id: string }>(page, '/groups/', {
        name: 'Conseil de vie collégienne',
        description: 'Élèves et adultes qui décident ensemble de la vie du collège.',
      })
    ).id;
  await page.goto(new URL(`/groups/${id}`, page.url()).href);
  await page.locator('main section').first().waitFor();
}

async function addToGroup(page: Page): Promise<void> {
  await openGroup(page);
  await page.locator('main section header button').click();
  await page.getByRole('dialog').getByRole('checkbox').first().check();
}

/** The menu whose button is named so. */
const openMenu =
  (name: RegExp) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name }).click();
    await page.getByRole('menu').waitFor();
  };

export const SCENES: readonly Scene[] = [
  { name: 'public-home', path: '/', documented: true },
  { name: 'public-accessibility', path: '/accessibility' },
  { name: 'public-my-schools', path: '/my-schools' },
  {
    name: 'public-new-school',
    path: '/tenant/new/?email=direction@exemple.invalid&name=Coll%C3%A8ge%20Paul-%C3%89luard',
    documented: true,
  },
  { name: 'public-missing', path: '/nowhere' },
  { name: 'unknown-host', host: 'nulle-part', path: '/' },

  { name: 'portal-login', host: LYCEE, path: '/login', documented: true },
  { name: 'portal-reserved', host: LYCEE, path: '/audit', as: 'eleve' },
  {
    name: 'portal-session-over',
    host: LYCEE,
    path: '/announcements/new',
    as: 'enseignante',
    prepare: loseSession,
  },
  { name: 'portal-login-other', host: COLLEGE, path: '/login' },
  {
    name: 'portal-login-second-step',
    host: COLLEGE,
    path: '/',
    as: 'direction',
    prepare: reachSecondStep,
  },
  { name: 'portal-invitation', host: COLLEGE, path: '/', as: 'direction', prepare: openInvitation },
  { name: 'portal-forgotten', host: LYCEE, path: '/forgotten-password' },
  { name: 'portal-forgotten-sent', host: COLLEGE, path: '/forgotten-password', prepare: askForLink },
  { name: 'portal-reset', host: LYCEE, path: '/reset-password#no-such-secret' },
  { name: 'portal-reset-incomplete', host: LYCEE, path: '/reset-password' },
  { name: 'portal-register', host: COLLEGE, path: '/register' },
  { name: 'portal-register-closed', host: LYCEE, path: '/register' },
  {
    name: 'portal-register-code',
    host: COLLEGE,
    path: '/register/verify?id=0190a8a0-0000-7000-8000-000000000000',
  },
  { name: 'portal-confirm-email', host: LYCEE, path: '/confirm-email#no-such-secret' },
  { name: 'portal-profile', host: LYCEE, path: '/profile', as: 'direction', documented: true },
  {
    name: 'portal-notifications',
    host: LYCEE,
    path: '/notifications',
    as: 'direction',
    prepare: beTold,
    documented: true,
  },
  {
    name: 'portal-notification-preferences',
    host: LYCEE,
    path: '/notifications/preferences',
    as: 'direction',
  },
  { name: 'portal-exports', host: LYCEE, path: '/exports', as: 'direction', prepare: beTold },
  { name: 'portal-exports-none', host: COLLEGE, path: '/exports', as: 'direction' },
  { name: 'portal-notifications-none', host: LYCEE, path: '/notifications/unread', as: 'parent' },
  { name: 'portal-home', host: LYCEE, path: '/', as: 'direction', documented: true },
  { name: 'portal-home-other', host: COLLEGE, path: '/', as: 'enseignante', documented: true },
  {
    name: 'portal-schools-of-mine',
    host: LYCEE,
    path: '/',
    as: 'parent',
    prepare: openMenu(/Mon compte|My account/),
  },
  {
    name: 'portal-menu-account',
    host: LYCEE,
    path: '/',
    as: 'direction',
    prepare: openMenu(/Mon compte|My account/),
  },
  {
    name: 'portal-menu-administration',
    host: LYCEE,
    path: '/audit',
    as: 'direction',
    prepare: openMenu(/^Administration/),
  },
  { name: 'portal-home-parent', host: LYCEE, path: '/', as: 'parent' },
  { name: 'portal-settings', host: LYCEE, path: '/settings', as: 'direction', documented: true },
  { name: 'portal-home-yellow', host: 'demo-ecole', path: '/', as: 'direction' },
  { name: 'portal-announcements', host: LYCEE, path: '/announcements', as: 'enseignante' },
  {
    name: 'portal-announcement-new',
    host: LYCEE,
    path: '/announcements/new',
    as: 'direction',
    documented: true,
  },
  { name: 'portal-announcements-none', host: LYCEE, path: '/announcements?shelf=draft', as: 'direction' },
  {
    name: 'portal-announcement',
    host: LYCEE,
    path: '/announcements',
    as: 'direction',
    prepare: openAnnouncement,
  },
  { name: 'portal-agenda', host: LYCEE, path: '/agenda', as: 'enseignante', documented: true },
  { name: 'portal-agenda-list', host: LYCEE, path: '/agenda?view=list', as: 'parent' },
  { name: 'portal-event-new', host: LYCEE, path: '/agenda/new', as: 'enseignante' },
  { name: 'portal-network', host: LYCEE, path: '/network', as: 'direction' },
  { name: 'public-directory', path: '/directory', documented: true },
  { name: 'public-school', path: '/directory/demo-lycee' },
  { name: 'public-agenda', path: '/agenda', documented: true },
  {
    name: 'portal-branding',
    host: LYCEE,
    path: '/branding',
    as: 'direction',
    prepare: tryLogo,
    documented: true,
  },
  {
    name: 'portal-media',
    host: LYCEE,
    path: '/media',
    as: 'direction',
    prepare: fillLibrary,
    documented: true,
  },
  { name: 'portal-media-file', host: LYCEE, path: '/media', as: 'direction', prepare: openFile },
  { name: 'portal-media-list', host: LYCEE, path: '/media', as: 'direction', prepare: listFiles },
  { name: 'portal-media-trash', host: LYCEE, path: '/media?trash=true', as: 'direction' },
  { name: 'portal-media-reserved', host: LYCEE, path: '/media', as: 'eleve' },
  { name: 'portal-students', host: LYCEE, path: '/students', as: 'direction' },
  { name: 'portal-students-none', host: LYCEE, path: '/students?search=zzz', as: 'direction' },
  { name: 'portal-students-parent', host: LYCEE, path: '/students', as: 'parent' },
  { name: 'portal-students-teacher', host: LYCEE, path: '/students', as: 'enseignante' },
  {
    name: 'portal-student',
    host: LYCEE,
    path: '/students?search=alba',
    as: 'direction',
    prepare: openStudent,
  },
  { name: 'portal-student-own', host: LYCEE, path: '/students', as: 'parent', prepare: openStudent },
  { name: 'portal-student-new', host: LYCEE, path: '/students/new', as: 'direction' },
  { name: 'portal-students-import', host: LYCEE, path: '/students/import', as: 'direction' },
  {
    name: 'portal-students-checked',
    host: LYCEE,
    path: '/students/import',
    as: 'direction',
    prepare: checkRoster,
  },
  { name: 'portal-classes', host: LYCEE, path: '/classes', as: 'direction' },
  { name: 'portal-classes-teacher', host: LYCEE, path: '/classes', as: 'enseignante' },
  { name: 'portal-school-years', host: LYCEE, path: '/classes/years', as: 'direction' },
  { name: 'portal-staff', host: LYCEE, path: '/staff', as: 'direction' },
  { name: 'portal-staff-reserved', host: LYCEE, path: '/staff', as: 'eleve' },
  {
    name: 'portal-messages',
    host: COLLEGE,
    path: '/messages',
    as: 'enseignante',
    prepare: openConversation,
    documented: true,
  },
  { name: 'portal-message-new', host: COLLEGE, path: '/messages/new', as: 'enseignante' },
  {
    name: 'portal-message-reports',
    host: COLLEGE,
    path: '/messages/reports',
    as: 'direction',
    prepare: openReport,
  },
  { name: 'portal-messaging-settings', host: COLLEGE, path: '/messages/settings', as: 'direction' },
  { name: 'portal-groups', host: LYCEE, path: '/groups', as: 'direction', documented: true },
  { name: 'portal-groups-across', host: LYCEE, path: '/groups/across', as: 'direction' },
  { name: 'portal-group', host: COLLEGE, path: '/groups', as: 'direction', prepare: addToGroup },
  { name: 'portal-members', host: LYCEE, path: '/members', as: 'direction', documented: true },
  { name: 'portal-members-none', host: LYCEE, path: '/members?search=zzz', as: 'direction' },
  { name: 'portal-members-refused', host: LYCEE, path: '/members', as: 'eleve' },
  { name: 'portal-member', host: LYCEE, path: '/members', as: 'direction', prepare: openMember },
  { name: 'portal-waiting', host: LYCEE, path: '/members/waiting', as: 'direction' },
  { name: 'portal-invitations', host: LYCEE, path: '/members/invitations', as: 'direction' },
  { name: 'portal-invite', host: COLLEGE, path: '/members', as: 'direction', prepare: openInvite },
  {
    name: 'portal-sso-settings',
    host: LYCEE,
    path: '/single-sign-on',
    as: 'direction',
    documented: true,
  },
  { name: 'portal-keys-none', host: LYCEE, path: '/api-keys', as: 'direction' },
  {
    name: 'portal-keys',
    host: COLLEGE,
    path: '/api-keys',
    as: 'direction',
    prepare: haveKey,
    documented: true,
  },
  { name: 'portal-key-new', host: COLLEGE, path: '/api-keys', as: 'direction', prepare: openNewKey },
  {
    name: 'portal-audit',
    host: LYCEE,
    path: '/audit',
    as: 'direction',
    prepare: verifyTrail,
    documented: true,
  },
  { name: 'portal-security', host: LYCEE, path: '/security', as: 'direction', documented: true },
  {
    name: 'portal-security-enrolling',
    host: LYCEE,
    path: '/security',
    as: 'direction',
    prepare: beginEnrolment,
  },
  { name: 'portal-callback-failed', host: LYCEE, path: '/sso/callback?state=x' },
  { name: 'portal-support-none', host: COLLEGE, path: '/support', as: 'direction' },
  { name: 'portal-support-used', host: LYCEE, path: '/support/arrive#no-such-way-in-any-more' },
  { name: 'portal-missing', host: LYCEE, path: '/nowhere', as: 'eleve' },

  { name: 'console-login', host: 'console', path: '/login' },
  {
    name: 'console-overview',
    host: 'console',
    path: '/',
    as: 'superadmin',
    prepare: async (page) => page.locator('canvas').waitFor(),
    documented: true,
  },
  { name: 'console-schools', host: 'console', path: '/schools', as: 'superadmin', documented: true },
  {
    name: 'console-schools-chosen',
    host: 'console',
    path: '/schools?status=active',
    as: 'superadmin',
    prepare: chooseSchools,
  },
  {
    name: 'console-schools-columns',
    host: 'console',
    path: '/schools',
    as: 'superadmin',
    prepare: async (page) => {
      await page.getByRole('button', { name: /^(Colonnes|Columns)$/ }).click();
      await page.getByRole('dialog').waitFor();
    },
  },
  {
    name: 'console-bulk',
    host: 'console',
    path: '/schools',
    as: 'superadmin',
    prepare: reopenAll,
    documented: true,
  },
  { name: 'console-signups', host: 'console', path: '/signups', as: 'superadmin', documented: true },
  { name: 'console-signups-none', host: 'console', path: '/signups?search=zzz', as: 'superadmin' },
  {
    name: 'console-signups-policy',
    host: 'console',
    path: '/signups',
    as: 'superadmin',
    prepare: openPolicy,
  },
  { name: 'console-signup', host: 'console', path: '/signups', as: 'superadmin', prepare: openSignup },
  { name: 'console-fleet', host: 'console', path: '/fleet', as: 'superadmin', prepare: compareFleet },
  { name: 'console-trail', host: 'console', path: '/audit', as: 'superadmin', prepare: verifyTrail },
  { name: 'console-audit-row', host: 'console', path: '/audit', as: 'superadmin', prepare: openRow },
  { name: 'console-jobs', host: 'console', path: '/jobs', as: 'superadmin' },
  { name: 'console-job', host: 'console', path: '/jobs', as: 'superadmin', prepare: openFirstJob },
  { name: 'console-schools-empty', host: 'console', path: '/schools?search=zzz', as: 'superadmin' },
  { name: 'console-new', host: 'console', path: '/schools/new', as: 'superadmin', documented: true },
  ...['address', 'look', 'limits', 'check'].map((step): Scene => ({
    name: `console-new-${step}`,
    host: 'console',
    path: '/schools/new',
    as: 'superadmin',
    prepare: (page) => describeSchool(page, step),
    documented: step === 'check',
  })),
  {
    name: 'console-palette',
    host: 'console',
    path: '/',
    as: 'superadmin',
    prepare: async (page) => {
      await page.locator('canvas').waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox').fill('de');
      await page.getByRole('option').nth(1).waitFor();
    },
    documented: true,
  },
  { name: 'console-return', host: 'console', path: '/schools/return', as: 'superadmin' },
  { name: 'console-import', host: 'console', path: '/schools/import', as: 'superadmin' },
  {
    name: 'console-import-report',
    host: 'console',
    path: '/schools/import',
    as: 'superadmin',
    prepare: checkFile,
  },
  {
    name: 'console-detail',
    host: 'console',
    path: '/schools',
    as: 'superadmin',
    prepare: openFirst,
    documented: true,
  },
  ...['modules', 'members', 'keys', 'support', 'backups', 'audit', 'settings', 'stats'].map((tab): Scene => ({
    name: `console-${tab}`,
    host: 'console',
    path: '/schools',
    as: 'superadmin',
    prepare: async (page) => {
      await openFirst(page);
      await page.goto(`${page.url()}/${tab}`);
    },
  })),
  { name: 'console-domains', host: 'console', path: '/schools', as: 'superadmin', prepare: checkDomain },
  { name: 'console-settings-of-platform', host: 'console', path: '/settings', as: 'superadmin' },
  { name: 'console-forgotten', host: 'console', path: '/forgotten-password' },
  { name: 'console-profile', host: 'console', path: '/profile', as: 'superadmin' },
  {
    name: 'console-mails',
    host: 'console',
    path: '/mails',
    as: 'superadmin',
    prepare: haveMails,
    documented: true,
  },
  { name: 'console-mails-none', host: 'console', path: '/mails?search=zzz', as: 'superadmin' },
  { name: 'console-platform-keys', host: 'console', path: '/api-keys', as: 'superadmin' },
];
