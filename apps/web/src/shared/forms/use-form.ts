import { computed, ref, shallowRef, useId, type ComputedRef, type Ref, type ShallowRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { ProblemError } from '../problem.ts';

export interface FormOptions {
  /** Paths as the API names them, in the order of the screen. */
  fields: readonly string[];
  /** Which field a refusal without `errors[]` is about: `{ subdomain_taken: 'subdomain' }`. */
  codes?: Readonly<Record<string, string>>;
}

export interface Form {
  /** By path; the same words beside the field and in the summary. */
  errors: Ref<Record<string, string>>;
  summary: ComputedRef<{ field: string; message: string }[]>;
  /** What went wrong that belongs to no field. */
  failure: ShallowRef<unknown>;
  pending: Ref<boolean>;
  idOf: (field: string) => string;
  clear: (field: string) => void;
  /** Blank fields among those named get "required"; says whether there were none. */
  require: (values: Readonly<Record<string, unknown>>, names: readonly string[]) => boolean;
  /** Runs one submission, not two at once; undefined when it failed, which the form then shows. */
  submit: <T>(send: () => Promise<T>) => Promise<T | undefined>;
}

/** State of a form around its submission: errors per field from the API, what else failed, and that it is under way. */
export function useForm({ fields, codes = {} }: FormOptions): Form {
  const { t } = useI18n();
  const prefix = useId();
  const errors = ref<Record<string, string>>({});
  const failure = shallowRef<unknown>(null);
  const pending = ref(false);
  const idOf = (field: string) => `${prefix}-${field.replaceAll('.', '-')}`;

  const summary = computed(() =>
    fields.flatMap((field) => {
      const message = errors.value[field];
      return message === undefined ? [] : [{ field: idOf(field), message }];
    }),
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
    errors.value = found;
    if (lost || Object.keys(found).length === 0) failure.value = error;
  }

  return {
    errors,
    summary,
    failure,
    pending,
    idOf,
    clear(field) {
      if (errors.value[field] === undefined) return;
      const { [field]: _gone, ...rest } = errors.value;
      errors.value = rest;
    },
    require(values, names) {
      const missing = names.filter((name) => String(values[name] ?? '').trim() === '');
      errors.value = Object.fromEntries(missing.map((name) => [name, t('form.required')]));
      failure.value = null;
      return missing.length === 0;
    },
    async submit(send) {
      if (pending.value) return undefined;
      pending.value = true;
      errors.value = {};
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
