import { computed, inject, provide, useId, type ComputedRef, type InjectionKey } from 'vue';

/** What a control takes from the Field around it, as attributes. */
export interface FieldAttributes {
  id: string;
  required: true | undefined;
  'aria-describedby': string | undefined;
  'aria-invalid': true | undefined;
}

const FIELD: InjectionKey<ComputedRef<FieldAttributes>> = Symbol('preau-field');

export function provideField(attributes: ComputedRef<FieldAttributes>): void {
  provide(FIELD, attributes);
}

/**
 * Attributes that tie a control to its label, hint and error; a control of one's own binds them with
 * `v-bind`. Outside a Field: an id and nothing else. `extraDescription` is the id of one more
 * describing element, such as a suffix.
 */
export function useField(extraDescription: () => string | undefined = () => undefined) {
  const ownId = useId();
  const field = inject(FIELD, undefined);
  return computed<FieldAttributes>(() => {
    const described = [field?.value['aria-describedby'], extraDescription()].filter(Boolean).join(' ');
    return {
      id: field?.value.id ?? ownId,
      required: field?.value.required,
      'aria-describedby': described || undefined,
      'aria-invalid': field?.value['aria-invalid'],
    };
  });
}
