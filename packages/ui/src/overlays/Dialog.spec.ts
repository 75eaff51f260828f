import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import Button from '../actions/Button.vue';
import Dialog from './Dialog.vue';
import DropdownMenu from './DropdownMenu.vue';

// Downloaded when they are wanted; how long that takes is not what is tested.
beforeAll(() => Promise.all([import('./DialogPanel.vue'), import('./MenuList.vue')]));
afterEach(() => document.body.replaceChildren());

async function press(key: string): Promise<void> {
  document.activeElement!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
  await flushPromises();
}

describe('Dialog', () => {
  it('opens from its trigger, is named, closes on Escape and gives the focus back', async () => {
    const page = mount(Dialog, {
      props: { title: 'Ajouter un domaine', description: 'Vérifié par DNS.', closeLabel: 'Fermer' },
      slots: { trigger: () => h(Button, { id: 'opener' }, () => 'Ajouter'), default: () => 'Contenu' },
      attachTo: document.body,
    });
    const opener = page.get<HTMLButtonElement>('#opener').element;
    opener.focus();
    opener.click();
    await expect.poll(() => document.querySelector('[role=dialog]')).not.toBeNull();
    await flushPromises();
    const dialog = document.querySelector('[role=dialog]')!;
    const textOf = (attribute: string) =>
      document.getElementById(dialog.getAttribute(attribute)!)?.textContent;
    expect(textOf('aria-labelledby')).toBe('Ajouter un domaine');
    expect(textOf('aria-describedby')).toBe('Vérifié par DNS.');
    expect(dialog.contains(document.activeElement)).toBe(true);
    await press('Escape');
    // Reka returns the focus in a later task.
    await expect.poll(() => document.activeElement?.id).toBe('opener');
    expect(document.querySelector('[role=dialog]')).toBeNull();
  });

  it('gives the focus to the first field of a form, and not to the button that closes', async () => {
    const form = [h('input', { disabled: true }), h('button', 'Aide'), h('input', { id: 'name' })];
    mount(Dialog, {
      props: { open: true, title: 'Ajouter', closeLabel: 'Fermer' },
      slots: { default: () => h('form', form) },
      attachTo: document.body,
    });
    await expect.poll(() => document.activeElement?.id).toBe('name');
  });

  it('that a menu opened gives the focus back to the button of the menu', async () => {
    const open = ref(false);
    mount(
      defineComponent({
        setup: () => () => [
          h(
            DropdownMenu,
            { items: [{ key: 'edit', label: 'Modifier' }], onSelect: () => (open.value = true) },
            { trigger: () => h(Button, null, () => 'Actions') },
          ),
          h(Dialog, {
            open: open.value,
            'onUpdate:open': (value: boolean | undefined) => (open.value = value ?? false),
            title: 'Modifier',
            closeLabel: 'Fermer',
          }),
        ],
      }),
      { attachTo: document.body },
    );
    const trigger = document.querySelector('button')!;
    // Twice: from the second time on nothing of it has to be fetched, and it opens while the menu is still there.
    for (let times = 0; times < 2; times += 1) {
      trigger.focus();
      await press('Enter');
      await expect.poll(() => document.activeElement?.textContent?.trim()).toBe('Modifier');
      await press('Enter');
      await expect.poll(() => document.querySelector('[role=dialog]')).not.toBeNull();
      await expect.poll(() => document.activeElement?.getAttribute('aria-label')).toBe('Fermer');
      await press('Escape');
      await expect.poll(() => document.activeElement).toBe(trigger);
    }
  });

  it('is driven by its model, and its close button has a name', async () => {
    const open = ref(true);
    mount(
      defineComponent({
        setup: () => () =>
          h(Dialog, {
            open: open.value,
            'onUpdate:open': (value: boolean | undefined) => (open.value = value ?? false),
            title: 'Ajouter',
            closeLabel: 'Fermer',
          }),
      }),
      { attachTo: document.body },
    );
    await expect.poll(() => document.querySelector('[aria-label=Fermer]')).not.toBeNull();
    document.querySelector<HTMLButtonElement>('[aria-label=Fermer]')!.click();
    await flushPromises();
    expect(open.value).toBe(false);
  });
});

describe('DropdownMenu', () => {
  it('opens by keyboard, gives the key of what is chosen and skips what is disabled', async () => {
    const page = mount(DropdownMenu, {
      props: {
        items: [
          { key: 'edit', label: 'Modifier' },
          { key: 'restore', label: 'Restaurer', disabled: true },
          { key: 'open', label: 'Ouvrir', to: '/tenants/1' },
          { key: 'archive', label: 'Archiver', tone: 'danger' as const },
        ],
      },
      slots: { trigger: () => h(Button, null, () => 'Actions') },
      attachTo: document.body,
    });
    const trigger = page.get<HTMLButtonElement>('button');
    expect(trigger.attributes('aria-haspopup')).toBe('menu');
    trigger.element.focus();
    await press('Enter');
    // The focus goes into the list that has just come.
    await expect.poll(() => document.activeElement?.textContent?.trim()).toBe('Modifier');
    const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')];
    expect(items.map((item) => item.textContent?.trim())).toEqual([
      'Modifier',
      'Restaurer',
      'Ouvrir',
      'Archiver',
    ]);
    expect(items[1]!.getAttribute('aria-disabled')).toBe('true');
    expect(items[2]!.getAttribute('href')).toBe('/tenants/1');
    items[1]!.click();
    items[3]!.click();
    await flushPromises();
    expect(page.emitted('select')).toEqual([['archive']]);
    expect(document.querySelector('[role=menu]')).toBeNull();
  });
});
