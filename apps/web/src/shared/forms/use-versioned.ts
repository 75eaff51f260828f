import { computed, ref, shallowRef, type Ref } from 'vue';
import { isProblem } from '../problem.ts';

export interface Tagged<T> {
  data: T;
  /** Entity tag: a change that names it is refused when there is a newer one. */
  tag: string | undefined;
}

/** What one has chosen to keep of what two have changed. */
export type Side = 'mine' | 'theirs';

/** A field that somebody else has changed too, and otherwise. */
export interface Difference<T> {
  field: keyof T & string;
  mine: T[keyof T];
  theirs: T[keyof T];
}

interface Options<T extends object> {
  empty: T;
  fetch: () => Promise<Tagged<T>>;
  send: (changes: Partial<T>, tag: string | undefined) => Promise<Tagged<T>>;
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/**
 * What one edits of something that others may change meanwhile. Only the fields that one has changed are sent; what others
 * changed besides is taken over, and where both changed one field, `differences` holds it until one has chosen.
 */
export function useVersioned<T extends object>({ empty, fetch, send }: Options<T>) {
  const values = ref({ ...empty }) as Ref<T>;
  /** As it was when it was last read or written; undefined before. */
  const base = shallowRef<T>();
  const trouble = shallowRef<unknown>(null);
  const differences = shallowRef<Difference<T>[]>([]);
  let tag: string | undefined;

  const fields = Object.keys(empty) as (keyof T & string)[];
  const changedFrom = (from: T | undefined): (keyof T & string)[] =>
    from === undefined ? [] : fields.filter((field) => !same(values.value[field], from[field]));
  const changes = computed(
    () =>
      Object.fromEntries(changedFrom(base.value).map((field) => [field, values.value[field]])) as Partial<T>,
  );
  const isChanged = computed(() => Object.keys(changes.value).length > 0);

  /** Takes over what the server has, but for what was typed since `sent` went off. */
  function take({ data, tag: next }: Tagged<T>, sent: T = values.value): void {
    const typed = fields.filter((field) => !same(values.value[field], sent[field]));
    const mine = { ...values.value };
    base.value = data;
    values.value = { ...data, ...Object.fromEntries(typed.map((field) => [field, mine[field]])) };
    tag = next;
  }

  async function load(): Promise<void> {
    trouble.value = null;
    try {
      take(await fetch());
    } catch (error) {
      trouble.value = error;
    }
  }

  /** Under what is there now, with one's own changes on top. @returns the fields that both have changed. */
  function rebase({ data, tag: next }: Tagged<T>): Difference<T>[] {
    const before = base.value ?? data;
    const own = changedFrom(before);
    const mine = { ...values.value };
    base.value = data;
    tag = next;
    values.value = { ...data, ...Object.fromEntries(own.map((field) => [field, mine[field]])) };
    return own
      .filter((field) => !same(data[field], before[field]) && !same(data[field], mine[field]))
      .map((field) => ({ field, mine: mine[field], theirs: data[field] }));
  }

  /**
   * @returns whether it was written; false when there is something to choose first.
   * @throws what the API says, but for a newer version
   */
  async function save(): Promise<boolean> {
    // A second time at most: who is overtaken again is asked again.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (!isChanged.value) return true;
      try {
        const sent = { ...values.value };
        take(await send(changes.value, tag), sent);
        return true;
      } catch (error) {
        if (!isProblem(error, 'precondition_failed') || attempt > 0) throw error;
        differences.value = rebase(await fetch());
        if (differences.value.length > 0) return false;
      }
    }
    return false;
  }

  /** One's choice between the two, field by field; it is written by the next {@link save}. */
  function settle(chosen: Readonly<Record<string, Side>>): void {
    const theirs = differences.value.filter(({ field }) => chosen[field] !== 'mine');
    differences.value = [];
    values.value = {
      ...values.value,
      ...Object.fromEntries(theirs.map(({ field, theirs: one }) => [field, one])),
    };
  }

  /** Chooses nothing yet: one's own stay in the form, to be looked at again. */
  function postpone(): void {
    differences.value = [];
  }

  /** Begins with what was read elsewhere, such as within what it is a part of. */
  const begin = (read: Tagged<T>): void => {
    differences.value = [];
    values.value = { ...read.data };
    take(read);
  };

  return { begin, values, base, changes, isChanged, trouble, differences, load, save, settle, postpone };
}

export type Versioned<T extends object> = ReturnType<typeof useVersioned<T>>;
