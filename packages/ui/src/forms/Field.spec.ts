import { mount } from '@vue/test-utils';
import { afterEach, describe, expect, it } from 'vitest';
import { defineComponent, h, type Component } from 'vue';
import ColourField from './ColourField.vue';
import Field from './Field.vue';
import RadioGroup from './RadioGroup.vue';
import Select from './Select.vue';
import Textarea from './Textarea.vue';
import TextInput from './TextInput.vue';

afterEach(() => document.body.replaceChildren());

function field(props: Record<string, unknown>, control: Component, controlProps = {}) {
  const page = defineComponent(
    () => () => h(Field, { label: 'Sous-domaine', ...props }, () => h(control, controlProps)),
  );
  return mount(page, { attachTo: document.body });
}

// What assistive technology is told: the text behind each id, in order.
function descriptionOf(element: Element): string[] {
  const ids = element.getAttribute('aria-describedby')?.split(' ') ?? [];
  return ids.map((id) => document.getElementById(id)?.textContent?.trim() ?? `nothing has the id ${id}`);
}

describe.each([
  ['TextInput', TextInput, 'input', {}],
  ['Textarea', Textarea, 'textarea', {}],
  ['Select', Select, 'select', { options: [{ value: 'a', label: 'A' }] }],
  ['ColourField', ColourField, 'input[type=text]', { modelValue: '#1976D2', pickerLabel: 'Choisir' }],
] as const)('%s in a Field', (_, control, selector, props) => {
  it('is named by the label', () => {
    const page = field({}, control, props);
    expect(page.get('label').attributes('for')).toBe(page.get(selector).attributes('id'));
  });

  it('is described by hint, then error, and invalid while there is one', () => {
    const page = field({ hint: 'Minuscules et tirets', error: 'Déjà pris' }, control, props);
    const input = page.get(selector);
    expect(descriptionOf(input.element)).toEqual(['Minuscules et tirets', 'Déjà pris']);
    expect(input.attributes('aria-invalid')).toBe('true');
  });

  it('says nothing of what is not there', () => {
    const input = field({}, control, props).get(selector);
    expect(input.attributes('aria-describedby')).toBeUndefined();
    expect(input.attributes('aria-invalid')).toBeUndefined();
    expect(input.attributes('required')).toBeUndefined();
  });

  it('takes the id and the obligation of the Field', () => {
    const input = field({ id: 'subdomain', required: true }, control, props).get(selector);
    expect(input.attributes('id')).toBe('subdomain');
    expect(input.attributes('required')).toBeDefined();
  });
});

describe('TextInput', () => {
  it('reads its suffix out after the hint', () => {
    const page = field({ hint: 'Minuscules' }, TextInput, { suffix: '.localhost' });
    expect(descriptionOf(page.get('input').element)).toEqual(['Minuscules', '.localhost']);
  });

  it('gives what is typed, and a number for a number', async () => {
    const text = mount(TextInput);
    await text.get('input').setValue('lycee-hugo');
    expect(text.emitted('update:modelValue')).toEqual([['lycee-hugo']]);
    const number = mount(TextInput, { props: { type: 'number' } });
    await number.get('input').setValue('50');
    expect(number.emitted('update:modelValue')).toEqual([[50]]);
  });

  it('keeps attributes for the input itself', () => {
    const page = field({}, TextInput, { autocomplete: 'email', maxlength: 63 });
    expect(page.get('input').attributes()).toMatchObject({ autocomplete: 'email', maxlength: '63' });
  });
});

describe('RadioGroup', () => {
  const options = [
    { value: 'ecole', label: 'École' },
    { value: 'lycee', label: 'Lycée', hint: 'De la seconde à la terminale' },
  ];

  it('is a fieldset named by its legend, each radio by its label', () => {
    const page = field({ group: true, hint: 'Une seule réponse' }, RadioGroup, { options });
    expect(page.get('fieldset > legend').text()).toBe('Sous-domaine');
    expect(descriptionOf(page.get('fieldset').element)).toEqual(['Une seule réponse']);
    for (const radio of page.findAll('input')) {
      expect(page.find(`label[for="${radio.attributes('id')}"]`).exists()).toBe(true);
    }
  });

  it('gives the value chosen', async () => {
    const group = mount(RadioGroup, { props: { options } });
    await group.findAll('input')[1]!.setValue();
    expect(group.emitted('update:modelValue')).toEqual([['lycee']]);
  });
});

describe('ColourField', () => {
  it('keeps the last colour in the picker while another is being typed', async () => {
    const page = mount(ColourField, { props: { modelValue: '#1976D2', pickerLabel: 'Choisir' } });
    const picker = page.get<HTMLInputElement>('input[type=color]');
    expect(picker.element.value).toBe('#1976d2');
    await page.setProps({ modelValue: '#FFC' });
    expect(picker.element.value).toBe('#1976d2');
    await page.setProps({ modelValue: '#FFCC00' });
    expect(picker.element.value).toBe('#ffcc00');
  });

  it('gives the picked colour in upper case', async () => {
    const page = mount(ColourField, { props: { modelValue: '#1976D2', pickerLabel: 'Choisir' } });
    await page.get('input[type=color]').setValue('#00aa55');
    expect(page.emitted('update:modelValue')).toEqual([['#00AA55']]);
  });

  it.each([
    [' ffcc00 ', [['#FFCC00']]],
    ['#ffcc00', [['#FFCC00']]],
    ['red', undefined],
    ['#fc0', undefined],
  ])('leaves %j as %j when the field is left', async (modelValue, emitted) => {
    const page = mount(ColourField, { props: { modelValue, pickerLabel: 'Choisir' } });
    await page.get('input[type=text]').trigger('blur');
    expect(page.emitted('update:modelValue')).toEqual(emitted);
  });
});
