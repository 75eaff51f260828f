import { mount } from '@vue/test-utils';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { defineComponent, h, ref } from 'vue';
import DataTable from '../data/DataTable.vue';
import ConfirmDialog from './ConfirmDialog.vue';
import { keepFocus } from './keep-focus.ts';

beforeAll(() => import('./ConfirmPanel.vue'));
let stop: () => void;
beforeEach(() => (stop = keepFocus()));
afterEach(() => {
  stop();
  document.body.replaceChildren();
});

const focused = () => document.activeElement?.textContent?.trim();
const button = (text: string) =>
  [...document.querySelectorAll('button')].find(({ textContent }) => textContent?.trim() === text)!;

/** A table whose rows are removed through a dialog, before or after it closes. */
function table(removes: 'before' | 'after') {
  const rows = ref(['Ada', 'Alan', 'Grace']);
  const asked = ref<string>();
  function confirm(): void {
    const name = asked.value;
    const remove = () => (rows.value = rows.value.filter((row) => row !== name));
    if (removes === 'before') remove();
    asked.value = undefined;
    if (removes === 'after') setTimeout(remove, 20);
  }
  const actions = ({ row }: { row: { name: string } }) =>
    ['Modifier', 'Retirer'].map((label) =>
      h('button', { onClick: () => (asked.value = row.name) }, `${label} ${row.name}`),
    );
  const page = defineComponent({
    render: () =>
      h('main', [
        h('section', [
          h('h2', 'Membres'),
          h(
            DataTable<{ name: string }>,
            {
              caption: 'Membres',
              columns: [{ key: 'name', label: 'Nom' }],
              rows: rows.value.map((name) => ({ name })),
              rowKey: ({ name }: { name: string }) => name,
            },
            { actions },
          ),
          h(ConfirmDialog, {
            open: asked.value !== undefined,
            'onUpdate:open': () => (asked.value = undefined),
            title: 'Retirer ?',
            confirmLabel: 'Oui',
            cancelLabel: 'Non',
            onConfirm: confirm,
          }),
        ]),
      ]),
  });
  mount(page, { attachTo: document.body });
  return async (name: string) => {
    button(`Retirer ${name}`).focus();
    button(`Retirer ${name}`).click();
    await expect
      .poll(() => document.querySelector('[role=alertdialog]')?.contains(document.activeElement))
      .toBe(true);
    document
      .querySelector('[role=alertdialog] form')!
      .dispatchEvent(new Event('submit', { cancelable: true }));
    await expect.poll(() => button(`Retirer ${name}`)).toBeUndefined();
  };
}

it.each(['before', 'after'] as const)(
  'goes to the next row, to the one before the last, and to the table without any, when rows go %s their dialog closes',
  async (when) => {
    const remove = table(when);
    await remove('Alan');
    await expect.poll(focused).toBe('Retirer Grace');
    await remove('Grace');
    await expect.poll(focused).toBe('Retirer Ada');
    await remove('Ada');
    await expect.poll(() => document.activeElement?.tagName).toBe('TABLE');
  },
);

async function removing(html: string, id: string, goes: string): Promise<void> {
  document.body.innerHTML = html;
  document.getElementById(id)!.focus();
  document.querySelector(goes)!.remove();
  await new Promise((resolve) => setTimeout(resolve, 20));
}

it('goes to the heading of the section when the whole list goes, and leaves no mark on it', async () => {
  const list = '<ul><li><button id="a">Retirer</button></li></ul><button>Ajouter</button>';
  await removing(`<main><div><h1>Page</h1><section><h2>Liste</h2>${list}</section></div></main>`, 'a', 'ul');
  expect(focused()).toBe('Liste');
  document.querySelector('button')!.focus();
  expect(document.querySelector('h2')!.hasAttribute('tabindex')).toBe(false);
});

it('stays in the row when only the control goes', async () => {
  await removing('<ul><li><a href="/x">Clé</a><button id="a">Révoquer</button></li></ul>', 'a', '#a');
  expect(focused()).toBe('Clé');
});

it('leaves a new page to itself', async () => {
  await removing('<main><div><h1>Page</h1><button id="a">Suite</button></div></main>', 'a', 'main > div');
  expect(document.activeElement).toBe(document.body);
});

it('takes nothing from who has left the control themselves', async () => {
  document.body.innerHTML = '<ul><li><button id="a">Un</button></li><li><button>Deux</button></li></ul>';
  document.getElementById('a')!.focus();
  document.getElementById('a')!.blur();
  await Promise.resolve();
  document.querySelector('li')!.remove();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(document.activeElement).toBe(document.body);
});
