import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, expect, it, vi } from 'vitest';
import CopyField from './CopyField.vue';

afterEach(() => vi.unstubAllGlobals());

const props = { value: 'pk_live.secret', label: 'Clé', copyLabel: 'Copier', copiedLabel: 'Copié' };

it('copies the value and says so, to eyes and ears', async () => {
  const writeText = vi.fn(async () => {});
  vi.stubGlobal('navigator', { clipboard: { writeText } });
  const page = mount(CopyField, { props });
  await page.get('button').trigger('click');
  await flushPromises();
  expect(writeText).toHaveBeenCalledWith('pk_live.secret');
  expect(page.get('button').text()).toBe('Copié');
  expect(page.get('[role=status]').text()).toBe('Copié');
  expect(page.emitted('copied')).toHaveLength(1);
});

it('leaves the text selected, and claims nothing, where there is no clipboard', async () => {
  vi.stubGlobal('navigator', {});
  const page = mount(CopyField, { props, attachTo: document.body });
  await page.get('button').trigger('click');
  await flushPromises();
  const field = page.get<HTMLInputElement>('input').element;
  expect([field.selectionStart, field.selectionEnd]).toEqual([0, props.value.length]);
  expect(page.get('button').text()).toBe('Copier');
  expect(page.emitted('copied')).toBeUndefined();
});
