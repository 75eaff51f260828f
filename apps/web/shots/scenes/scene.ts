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
}

export const LYCEE = 'demo-lycee';
export const COLLEGE = 'demo-college';

/** A request in the page's own name: its host, its cookies. */
export const send = <Body>(page: Page, path: string, body: object): Promise<Body> =>
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

/** Past all cards of the home page, which come when one comes to them. */
export async function seeAllCards(page: Page): Promise<void> {
  await page.locator('main section').first().waitFor();
  for (const card of await page.locator('main section').all()) {
    await card.scrollIntoViewIfNeeded();
    await page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))');
  }
  await page.evaluate('scrollTo(0, 0)');
}

export async function verifyTrail(page: Page): Promise<void> {
  await page.locator('[aria-live] > button').click();
  await page.locator('[aria-live] > div').first().waitFor();
}
