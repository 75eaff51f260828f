import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import ConfirmDialog from './ConfirmDialog.vue';

// Downloaded when it is wanted; how long that takes is not what is tested.
beforeAll(() => import('./ConfirmPanel.vue'));
afterEach(() => document.body.replaceChildren());

async function dialog(props: Record<string, unknown> = {}) {
  const page = mount(ConfirmDialog, {
    props: {
      open: true,
      title: 'Purger Lycée Hugo ?',
      description: 'Rien ne pourra être récupéré.',
      confirmLabel: 'Purger',
      cancelLabel: 'Annuler',
      ...props,
    },
    attachTo: document.body,
  });
  await expect.poll(() => document.querySelector('[role=alertdialog]')).not.toBeNull();
  await flushPromises();
  const button = (text: string): HTMLButtonElement =>
    [...document.querySelectorAll('button')].find((found) => found.textContent?.trim() === text)!;
  const type = async (text: string): Promise<void> => {
    const input = document.querySelector<HTMLInputElement>('[role=alertdialog] input')!;
    input.value = text;
    input.dispatchEvent(new Event('input'));
    await flushPromises();
  };
  return { page, button, type };
}

describe('ConfirmDialog', () => {
  it('is an alert dialog named by its title and described by what will happen', async () => {
    await dialog();
    const box = document.querySelector('[role=alertdialog]')!;
    const text = (attribute: string): string | undefined =>
      document.getElementById(box.getAttribute(attribute)!)?.textContent?.trim();
    expect(text('aria-labelledby')).toBe('Purger Lycée Hugo ?');
    expect(text('aria-describedby')).toBe('Rien ne pourra être récupéré.');
  });

  it('starts on the harmless button and emits confirm from the other', async () => {
    const { page, button } = await dialog();
    await expect.poll(() => document.activeElement).toBe(button('Annuler'));
    button('Purger').click();
    expect(page.emitted('confirm')).toHaveLength(1);
    expect(page.emitted('update:open')).toBeUndefined();
  });

  it('starts in the field where something is to be typed', async () => {
    await dialog({ expected: 'lycee-hugo', expectedLabel: 'Sous-domaine' });
    await expect.poll(() => document.activeElement?.tagName).toBe('INPUT');
  });

  it('offers the action only once the expected text is typed exactly', async () => {
    const { page, button, type } = await dialog({ expected: 'lycee-hugo', expectedLabel: 'Sous-domaine' });
    expect(button('Purger').disabled).toBe(true);
    for (const wrong of ['lycee', 'Lycee-Hugo', 'lycee-hugo2', '']) {
      await type(wrong);
      expect(button('Purger').disabled).toBe(true);
    }
    document.querySelector('form')!.dispatchEvent(new Event('submit', { cancelable: true }));
    expect(page.emitted('confirm')).toBeUndefined();
    await type(' lycee-hugo ');
    expect(button('Purger').disabled).toBe(false);
    button('Purger').click();
    expect(page.emitted('confirm')).toHaveLength(1);
  });

  it('forgets what was typed when it is opened again', async () => {
    const { page, button, type } = await dialog({ expected: 'lycee-hugo', expectedLabel: 'Sous-domaine' });
    await type('lycee-hugo');
    await page.setProps({ open: false });
    await page.setProps({ open: true });
    await flushPromises();
    expect(button('Purger').disabled).toBe(true);
  });

  it('does not confirm twice while the action is under way', async () => {
    const { page } = await dialog({ loading: true, loadingLabel: 'Purge en cours' });
    const busy = document.querySelector<HTMLButtonElement>('button[aria-busy=true]')!;
    busy.click();
    expect(page.emitted('confirm')).toBeUndefined();
  });

  it('closes on Escape and on cancel', async () => {
    const first = await dialog();
    document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
    await flushPromises();
    expect(first.page.emitted('update:open')).toEqual([[false]]);
    first.page.unmount();
    const second = await dialog();
    second.button('Annuler').click();
    expect(second.page.emitted('update:open')).toEqual([[false]]);
  });
});
