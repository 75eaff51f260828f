import { mount } from '@vue/test-utils';
import { afterEach, beforeAll, expect, it } from 'vitest';
import { defineComponent, h } from 'vue';
import DropdownMenu from './DropdownMenu.vue';

beforeAll(() => import('./MenuList.vue'));
afterEach(() => document.body.replaceChildren());

async function opened(landmark: 'main' | 'header' | 'div') {
  const items = [
    { key: 'a', label: 'Accueil', to: '/' },
    { key: 'b', label: 'Journal', to: '/audit', current: true },
  ];
  const menu = () => h(DropdownMenu, { items }, { trigger: () => h('button', 'Menu') });
  const page = mount(defineComponent({ render: () => h(landmark, [menu()]) }), { attachTo: document.body });
  document
    .querySelector('button')
    ?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  await expect.poll(() => document.querySelector('[role=menu]')).not.toBeNull();
  return page;
}

it.each(['main', 'header'] as const)('opens inside the %s that its button is in', async (landmark) => {
  const page = await opened(landmark);
  expect(document.querySelector('[role=menu]')?.closest(landmark)).not.toBeNull();
  page.unmount();
});

it('opens at the end of the page where there is no landmark, and says which link is the page shown', async () => {
  const page = await opened('div');
  expect(document.querySelector('body > * > [role=menu]')).not.toBeNull();
  expect(document.querySelector('[aria-current=page]')?.textContent?.trim()).toBe('Journal');
  page.unmount();
});
