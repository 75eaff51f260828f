import { FORM_FIELDS, IDENTITY_FIELDS, REQUIRED_FIELDS } from './tenant-form.ts';

/** Steps of a creation, and the fields that each asks for; the last shows them all. */
export const STEPS = [
  { key: 'identity', fields: IDENTITY_FIELDS },
  { key: 'address', fields: ['subdomain'] },
  { key: 'look', fields: ['primary_color', 'secondary_color'] },
  { key: 'limits', fields: ['modules_enabled', 'max_students', 'max_storage_gb', 'paid_until'] },
  { key: 'check', fields: ['provision_now'] },
] as const;
export type StepKey = (typeof STEPS)[number]['key'];

const fieldsOf = (step: number): readonly string[] => STEPS[step]?.fields ?? [];

/** Number of the step that asks for a field. */
export const stepOf = (field: string): number =>
  Math.max(
    0,
    STEPS.findIndex((_, step) => fieldsOf(step).includes(field)),
  );

export const isOfStep = (step: number, field: string): boolean => fieldsOf(step).includes(field);

/** What a step must not leave blank. */
export const requiredIn = (step: number): string[] =>
  REQUIRED_FIELDS.filter((field) => isOfStep(step, field));

/** The first step, in the order of the screen, of which something is wrong. */
export function firstStepWith(errors: Readonly<Record<string, string>>): number | undefined {
  const field = FORM_FIELDS.toSorted((a, b) => stepOf(a) - stepOf(b)).find(
    (name) => errors[name] !== undefined,
  );
  return field === undefined ? undefined : stepOf(field);
}
