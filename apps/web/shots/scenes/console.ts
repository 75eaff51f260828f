import type { Page } from 'playwright-core';
import { LYCEE, COLLEGE, send, verifyTrail, type Scene } from './scene.ts';

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

async function openRow(page: Page): Promise<void> {
  await page.locator('table button').first().click();
  await page.getByRole('dialog').waitFor();
}

async function compareFleet(page: Page): Promise<void> {
  await page.locator('section header button').click();
  await page.locator('section:has(header button) [aria-live] > div').first().waitFor();
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

/** The platform's console. */
export const CONSOLE_SCENES: readonly Scene[] = [
  { name: 'console-login', host: 'console', path: '/login' },
  {
    name: 'console-overview',
    host: 'console',
    path: '/',
    as: 'superadmin',
    prepare: async (page) => page.locator('canvas').waitFor(),
  },
  { name: 'console-schools', host: 'console', path: '/schools', as: 'superadmin' },
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
  },
  { name: 'console-signups', host: 'console', path: '/signups', as: 'superadmin' },
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
  { name: 'console-new', host: 'console', path: '/schools/new', as: 'superadmin' },
  ...['address', 'look', 'limits', 'check'].map((step): Scene => ({
    name: `console-new-${step}`,
    host: 'console',
    path: '/schools/new',
    as: 'superadmin',
    prepare: (page) => describeSchool(page, step),
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
  },
  { name: 'console-mails-none', host: 'console', path: '/mails?search=zzz', as: 'superadmin' },
  { name: 'console-platform-keys', host: 'console', path: '/api-keys', as: 'superadmin' },
];
