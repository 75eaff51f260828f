import { startDnsServer } from '@preau/testkit/dns-server';
import { expectAccessible } from './support/accessible.ts';
import { enter, expect, origin, ownServer, test } from './support/school-pages.ts';

const DOMAIN = 'www.lycée-essai.example';
const ASCII = 'www.xn--lyce-essai-d7a.example';

test('a school brings its own domain: asked for, proved by DNS, made main, and the old address redirects', async ({
  page,
  context,
}) => {
  const names = await startDnsServer({ port: ownServer().dnsPort });
  try {
    await enter(context, 'console', 'superadmin');
    await page.goto(`${origin('console')}/schools`);
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('tab', { name: 'Domaines' }).click();

    await page.getByRole('button', { name: 'Ajouter un domaine' }).click();
    await page.getByRole('dialog').getByLabel('Nom de domaine').fill(DOMAIN);
    await page.getByRole('dialog').getByRole('button', { name: 'Ajouter' }).click();
    const row = page.getByRole('listitem').filter({ hasText: DOMAIN }).first();
    await expect(row).toContainText('À vérifier');
    const ascii = await row.getByLabel('Nom de l’enregistrement').inputValue();
    expect(ascii).toBe(`_preau-challenge.${ASCII}`);
    const token = await row.getByLabel('Valeur').inputValue();

    await row.getByRole('button', { name: `Vérifier le DNS de ${DOMAIN}` }).click();
    await expect(row).toContainText(`L’enregistrement TXT ${ascii} n’existe pas encore.`);
    await expect(row).toContainText(token);
    for (const mode of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: mode, reducedMotion: 'reduce' });
      // What was found is kept; and colours are not on their way from one mode to the other.
      await page.reload();
      await expect(row).toContainText('n’existe pas encore');
      await expectAccessible(page);
    }

    names.set(ascii, { TXT: [token] });
    await row.getByRole('button', { name: `Vérifier le DNS de ${DOMAIN}` }).click();
    await expect(row.getByText('Active', { exact: true })).toBeVisible();
    await row.getByRole('button', { name: `Rendre principale : ${DOMAIN}` }).click();
    // It is proved, and leads nowhere yet.
    await page.getByRole('alertdialog').getByRole('button', { name: 'Rendre principale' }).click();
    await expect(row.getByText('Principale', { exact: true })).toBeVisible();

    // The main one has no switch.
    const old = page
      .getByRole('listitem')
      .filter({ has: page.getByRole('switch') })
      .first();
    await old.getByRole('switch', { name: 'Rediriger vers l’adresse principale' }).click();
    await expect(old.getByRole('switch')).toBeChecked();
    await old.getByRole('switch').click();
    await expect(old.getByRole('switch')).not.toBeChecked();
    await old.getByRole('button', { name: /^Rendre/ }).click();
    await expect(row.getByRole('button', { name: `Rendre principale : ${DOMAIN}` })).toBeVisible();
    await row.getByRole('button', { name: `Retirer ${DOMAIN}` }).click();
    await page
      .getByRole('dialog')
      .or(page.getByRole('alertdialog'))
      .getByRole('button', { name: 'Retirer' })
      .click();
    await expect(row).toHaveCount(0);
  } finally {
    await names.close();
  }
});
