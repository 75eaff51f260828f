import { ref, shallowRef, useId, watch, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { usePlainForm } from '../plain-form.ts';
import { ProblemError } from '../problem.ts';

export interface FormOptions {
  /** Paths as the API names them, in the order of the screen. */
  fields: readonly string[];
  /** Which field a refusal without `errors[]` is about: `{ subdomain_taken: 'subdomain' }`. */
  codes?: Readonly<Record<string, string>>;
  /** Key of a field's label: "required" alone would not say what, in a list of seven. */
  labels: Readonly<Record<string, string>>;
  /** What is typed; a field that changes loses its error. */
  values?: Ref<object>;
}

export interface Form {
  /** By path, as shown beside the field. */
  errors: Ref<Record<string, string>>;
  /** What the last attempt met, with the fields' names. Each attempt gives a new list, and the focus goes to it: typing must not. */
  summary: ShallowRef<{ field: string; message: string }[]>;
  /** What went wrong that belongs to no field. */
  failure: ShallowRef<unknown>;
  pending: Ref<boolean>;
  idOf: (field: string) => string;
  /** Puts an error beside one field, or takes it away, between attempts. */
  mark: (field: string, message?: string) => void;
  reset: () => void;
  /** An attempt that goes no further: blank fields among those named get "required", others what is wrong with them. */
  require: (
    values: Readonly<Record<string, unknown>>,
    names: readonly string[],
    others?: Readonly<Record<string, string>>,
  ) => boolean;
  /** Runs one submission, not two at once; undefined when it failed, which the form then shows. */
  submit: <T>(send: () => Promise<T>) => Promise<T | undefined>;
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === 'string' && value.trim() === '');
}

/** Keys of labels that are called as their fields, below one key. */
export function labelsOf(prefix: string, fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(fields.map((field) => [field, `${prefix}.${field}`]));
}

/** State of a form around its submission: errors per field from the API, what else failed, and that it is under way. */
export function useForm({ fields, codes = {}, labels, values }: FormOptions): Form {
  const { t } = useI18n();
  const prefix = useId();
  const errors = ref<Record<string, string>>({});
  const failure = shallowRef<unknown>(null);
  const pending = ref(false);
  const idOf = (field: string) => `${prefix}-${field.replaceAll('.', '-')}`;

  const summary = shallowRef<{ field: string; message: string }[]>([]);

  function show(found: Record<string, string>): void {
    errors.value = found;
    summary.value = fields.flatMap((field) => {
      const message = found[field];
      if (message === undefined) return [];
      const label = labels[field];
      const text = label === undefined ? message : t('form.summary_item', { label: t(label), message });
      return [{ field: idOf(field), message: text }];
    });
  }

  function mark(field: string, message?: string): void {
    if (errors.value[field] === message) return;
    const { [field]: _before, ...rest } = errors.value;
    errors.value = message === undefined ? rest : { ...rest, [field]: message };
  }

  watch(
    (): Record<string, unknown> => ({ ...values?.value }),
    (now, before) => {
      for (const field of fields) if (now[field] !== before[field]) mark(field);
    },
  );

  /** The field itself, or the one it is part of: `modules_enabled.x` is shown at `modules_enabled`. */
  function fieldFor(path: string): string | undefined {
    return fields.find((field) => path === field || path.startsWith(`${field}.`));
  }

  function take(error: unknown): void {
    if (!(error instanceof ProblemError)) {
      failure.value = error;
      return;
    }
    const found: Record<string, string> = {};
    let lost = false;
    for (const { path, message } of error.fields) {
      const field = fieldFor(path);
      if (field === undefined) lost = true;
      else found[field] ??= message;
    }
    const named = codes[error.code];
    if (named !== undefined) found[named] ??= error.problem.detail;
    show(found);
    if (lost || Object.keys(found).length === 0) failure.value = error;
  }

  const refused = usePlainForm()?.problem;
  if (refused) take(new ProblemError(refused));

  return {
    errors,
    summary,
    failure,
    pending,
    idOf,
    mark,
    reset() {
      show({});
      failure.value = null;
    },
    require(given, names, others = {}) {
      const missing = names.filter((name) => isBlank(given[name]));
      const found = { ...others, ...Object.fromEntries(missing.map((name) => [name, t('form.required')])) };
      show(found);
      failure.value = null;
      return Object.keys(found).length === 0;
    },
    async submit(send) {
      if (pending.value) return undefined;
      pending.value = true;
      show({});
      failure.value = null;
      try {
        return await send();
      } catch (error) {
        take(error);
        return undefined;
      } finally {
        pending.value = false;
      }
    },
  };
}
