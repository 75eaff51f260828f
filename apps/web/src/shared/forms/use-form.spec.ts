import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { defineComponent, h, nextTick, ref } from 'vue';
import { createPreauI18n } from '../i18n.ts';
import { NetworkError, ProblemError, type FieldProblem } from '../problem.ts';
import { useForm, type Form } from './use-form.ts';

const FIELDS = ['name', 'subdomain', 'modules_enabled'];

const values = ref({ name: '', subdomain: '' });

function formIn(): Form {
  let form: Form | undefined;
  const Host = defineComponent({
    setup() {
      form = useForm({
        fields: FIELDS,
        codes: { subdomain_taken: 'subdomain' },
        labels: { name: 'name' },
        values,
      });
      return () => h('form');
    },
  });
  const i18n = createPreauI18n('fr', {
    name: 'Nom',
    form: { required: 'Ce champ est obligatoire.', summary_item: '{label} : {message}' },
  });
  mount(Host, { global: { plugins: [i18n] } });
  return form!;
}

function refusal(code: string, errors?: FieldProblem[]): ProblemError {
  const problem = {
    type: 'about:blank',
    title: 'Refus',
    status: 400,
    detail: 'Déjà pris.',
    code,
    request_id: 'r',
  };
  return new ProblemError({ ...problem, ...(errors ? { errors } : {}) });
}
const fail = (error: Error) => async (): Promise<never> => {
  throw error;
};

test('errors of the API go to their fields, and to the summary in the order of the screen', async () => {
  const form = formIn();
  const errors = [
    { path: 'subdomain', code: 'format', message: 'Format incorrect.' },
    { path: 'name', code: 'required', message: 'Obligatoire.' },
    { path: 'name', code: 'blank', message: 'Vide.' },
  ];
  await form.submit(fail(refusal('invalid_input', errors)));
  expect(form.errors.value).toEqual({ name: 'Obligatoire.', subdomain: 'Format incorrect.' });
  expect(form.summary.value).toEqual([
    { field: form.idOf('name'), message: 'Nom : Obligatoire.' },
    { field: form.idOf('subdomain'), message: 'Format incorrect.' },
  ]);
  expect(form.failure.value).toBeNull();
});

test('an error inside a field is shown at the field', async () => {
  const form = formIn();
  await form.submit(
    fail(refusal('x', [{ path: 'modules_enabled.quiz', code: 'unknown_module', message: 'Inconnu.' }])),
  );
  expect(form.errors.value['modules_enabled']).toBe('Inconnu.');
});

test('a conflict that names no field is shown at the field it is about', async () => {
  const form = formIn();
  await form.submit(fail(refusal('subdomain_taken')));
  expect(form.errors.value).toEqual({ subdomain: 'Déjà pris.' });
  expect(form.failure.value).toBeNull();
});

test('an error of a field that the form lacks is not lost', async () => {
  const form = formIn();
  const error = refusal('invalid_input', [{ path: 'elsewhere', code: 'type', message: 'Non.' }]);
  await form.submit(fail(error));
  expect(form.failure.value).toBe(error);
});

test('no network is said above the form', async () => {
  const form = formIn();
  const error = new NetworkError(false, undefined);
  await form.submit(fail(error));
  expect(form.failure.value).toBe(error);
  expect(form.pending.value).toBe(false);
});

test('blank fields are asked for before anything is sent', () => {
  const form = formIn();
  expect(form.require({ name: '  ', subdomain: 0 }, ['name', 'subdomain'])).toBe(false);
  expect(form.errors.value).toEqual({ name: 'Ce champ est obligatoire.' });
});

test('a form under way is not sent twice', async () => {
  const form = formIn();
  const { promise, resolve } = Promise.withResolvers<string>();
  const first = form.submit(() => promise);
  await expect(form.submit(() => Promise.resolve('second'))).resolves.toBeUndefined();
  resolve('first');
  await expect(first).resolves.toBe('first');
});

test('a field that is changed loses its error, the others keep theirs', async () => {
  const form = formIn();
  form.require({}, ['name', 'subdomain']);
  values.value.name = 'Lycée';
  const listed = form.summary.value;
  await nextTick();
  expect(Object.keys(form.errors.value)).toEqual(['subdomain']);
  // A new list would take the focus out of the field.
  expect(form.summary.value).toBe(listed);
});
