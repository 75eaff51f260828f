import { Secret, TOTP } from 'otpauth';
import type { Page } from 'playwright-core';
import { send } from './scene.ts';

export async function openAnnouncement(page: Page): Promise<void> {
  await page.locator('main article a').first().click();
  await page.waitForURL(/\/announcements\/[0-9a-f-]{36}/);
  await page.locator('main article p').first().waitFor();
}

/** A logo in the draft: the preview wears it, the page does not. */
export async function tryLogo(page: Page): Promise<void> {
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

export async function openNewKey(page: Page): Promise<void> {
  await page.locator('main button').first().click();
  await page.getByRole('dialog').waitFor();
}

/** The session is gone, of which the page hears with the next thing that it asks. */
export async function loseSession(page: Page): Promise<void> {
  await page.locator('main form input').first().fill('Sortie au musée');
  await page.locator('main form textarea').first().fill('Jeudi, avec un pique-nique.');
  await page.context().clearCookies();
  // Not as a hand would: what the page asks meanwhile may have covered it already.
  await page.locator('main form button[type=submit]').first().dispatchEvent('click');
  await page.locator('[data-cover] input[type=password]').waitFor();
}

export async function openStudent(page: Page): Promise<void> {
  await page.getByRole('link', { name: /Alba/ }).first().click();
  await page.getByRole('heading', { level: 1, name: /Alba/ }).waitFor();
}

/** A file with a line of each kind, checked and not confirmed. */
export async function checkRoster(page: Page): Promise<void> {
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

export async function openMember(page: Page): Promise<void> {
  await page.locator('tbody button').first().click();
  await page.getByRole('menuitem').first().click();
  await page.getByRole('dialog').waitFor();
}

export async function openInvite(page: Page): Promise<void> {
  await page.locator('main header button').first().click();
  await page.getByRole('dialog').waitFor();
}

/** A drawing and a text in the school's library; the pictures that are made of the drawing need not be there. */
export async function fillLibrary(page: Page): Promise<void> {
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

export async function haveReadAll(page: Page): Promise<void> {
  await send(page, '/notifications/read_all/', {});
  await page.reload();
  await page.locator('h1').first().waitFor();
}

export async function openFile(page: Page): Promise<void> {
  await fillLibrary(page);
  await page.getByRole('button', { name: /^La cour/ }).click();
  await page.getByRole('dialog').waitFor();
}

export async function listFiles(page: Page): Promise<void> {
  await fillLibrary(page);
  await page.locator('form [role=group] button').last().click();
  await page.locator('table').waitFor();
}

/** An export of the school, of which whoever asked for it is told when it is ready. */
export async function beTold(page: Page): Promise<void> {
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
export async function askForLink(page: Page): Promise<void> {
  await page.locator('input[type=email]').fill('direction@demo-college.invalid');
  await page.locator('main form button[type=submit]').click();
  await page.locator('main form').waitFor({ state: 'detached' });
}

export async function beginEnrolment(page: Page): Promise<void> {
  await page.locator('input[type=password]').first().fill('preau-demo-2026');
  await page.locator('main form button[type=submit]').first().click();
  await page.locator('img[src^="data:image/svg"]').waitFor();
}

const invite = async (page: Page): Promise<{ email: string; link: string }> => {
  const email = `invite-${Date.now()}@exemple.invalid`;
  const made = await send<{ invitation_url: string }>(page, '/invitations/', { email, role: 'parent' });
  return { email, link: made.invitation_url };
};

export async function haveKey(page: Page): Promise<void> {
  const rows = page.locator('tbody code');
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

export async function openInvitation(page: Page): Promise<void> {
  const { link } = await invite(page);
  await page.goto(link);
  await page.locator('input[type=password]').waitFor();
}

/** Somebody new with an authenticator application has given the password. */
export async function reachSecondStep(page: Page): Promise<void> {
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

export async function openConversation(page: Page): Promise<void> {
  await page.goto(new URL(`/messages/${await haveConversation(page)}`, page.url()).href);
  await page.locator('main ol a').first().waitFor();
}

/** Something that was reported, and what was said around it. */
export async function openReport(page: Page): Promise<void> {
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

export async function addToGroup(page: Page): Promise<void> {
  await openGroup(page);
  await page.locator('main section header button').click();
  await page.getByRole('dialog').getByRole('checkbox').first().check();
}

/** The menu whose button is named so. */
export const openMenu =
  (name: RegExp) =>
  async (page: Page): Promise<void> => {
    await page.getByRole('button', { name }).click();
    await page.getByRole('menu').waitFor();
  };
