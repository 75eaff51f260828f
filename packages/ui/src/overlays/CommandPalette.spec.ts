import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeAll, expect, it } from 'vitest';
import CommandPalette from './CommandPalette.vue';

// jsdom has no layout to scroll.
beforeAll(() => (Element.prototype.scrollIntoView = () => {}));
afterEach(() => document.body.replaceChildren());

async function palette() {
  const page = mount(CommandPalette, {
    props: {
      open: true,
      query: '',
      title: 'Aller à',
      placeholder: 'Un établissement, une page',
      groups: [
        { key: 'none', label: 'Vide', commands: [] },
        {
          key: 'pages',
          label: 'Pages',
          commands: [
            { key: 'fleet', label: 'Flotte' },
            { key: 'jobs', label: 'Tâches' },
          ],
        },
      ],
      emptyLabel: 'Rien ne correspond.',
      countLabel: '2 résultats',
    },
    attachTo: document.body,
  });
  await flushPromises();
  const field = document.querySelector<HTMLInputElement>('[role=combobox]')!;
  const press = async (key: string): Promise<void> => {
    field.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    await flushPromises();
  };
  return { page, field, press };
}

it('takes the first command by Enter, and the one marked by the arrows', async () => {
  const { page, press } = await palette();
  await press('Enter');
  await press('ArrowDown');
  await press('Enter');
  expect(page.emitted('select')).toEqual([['fleet'], ['jobs']]);
});

it('takes the first by Enter after a pointer went over the list and away', async () => {
  const { page, field, press } = await palette();
  const [, second] = document.querySelectorAll('[role=option]');
  second!.dispatchEvent(new Event('pointermove', { bubbles: true }));
  await flushPromises();
  expect(second!.hasAttribute('data-highlighted')).toBe(true);
  field.parentElement!.parentElement!.dispatchEvent(new Event('pointerleave'));
  await flushPromises();
  expect(document.querySelector('[data-highlighted]')).toBeNull();
  await press('Enter');
  expect(page.emitted('select')).toEqual([['fleet']]);
});
