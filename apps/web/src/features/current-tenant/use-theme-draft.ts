import { isHexColour } from '@preau/theme';
import type { BrandColours, ThemeDraft, ThemePicture } from '@preau/contracts/branding';
import { SCHOOL_MARKS, type SchoolMark } from '@preau/contracts/school-marks';
import type { EditedTheme } from '@preau/contracts/current-tenant';
import { computed, onBeforeUnmount, ref, shallowRef, watch } from 'vue';
import { isProblem } from '../../shared/problem.ts';
import * as api from './current-tenant.api.ts';

/** Milliseconds without a change after which the draft is sent. */
const PAUSE = 700;

/** What is tried. A picture that is null is the one that is drawn. */
export type Look = BrandColours & Record<SchoolMark, ThemePicture | null>;

const same = (one: Look, other: Look): boolean =>
  one.primary_color.toUpperCase() === other.primary_color.toUpperCase() &&
  one.secondary_color.toUpperCase() === other.secondary_color.toUpperCase() &&
  SCHOOL_MARKS.every((mark) => one[mark]?.id === other[mark]?.id);
const lookOf = ({ primary_color, secondary_color, logo, favicon }: Look): Look => ({
  primary_color,
  secondary_color,
  logo,
  favicon,
});

/**
 * The look being tried: kept on the server as they are chosen, so that they outlive the page. What somebody else changed
 * meanwhile is not overwritten: `conflict` holds it until one has chosen.
 */
export function useThemeDraft() {
  const values = ref<Look>({ primary_color: '', secondary_color: '', logo: null, favicon: null });
  const draft = shallowRef<ThemeDraft>();
  const conflict = shallowRef<ThemeDraft>();
  const failure = shallowRef<unknown>(null);
  const isSaving = ref(false);
  let tag: string | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** What is under way: the next waits for it, so that no answer is overtaken. */
  let queue: Promise<unknown> = Promise.resolve();

  const isWhole = computed(
    () => isHexColour(values.value.primary_color) && isHexColour(values.value.secondary_color),
  );
  const isSaved = computed(() => draft.value !== undefined && same(values.value, draft.value));
  const isChanged = computed(() => draft.value !== undefined && !same(values.value, draft.value.published));

  function take({ data, tag: next }: { data: ThemeDraft; tag: string | undefined }): void {
    draft.value = data;
    tag = next;
  }

  async function load(): Promise<void> {
    failure.value = null;
    try {
      const answer = await api.getDraft();
      take(answer);
      values.value = lookOf(answer.data);
    } catch (error) {
      failure.value = error;
    }
  }

  /** @returns whether it was done; a change of somebody else's becomes a question instead. */
  async function attempt(work: () => Promise<void>): Promise<boolean> {
    failure.value = null;
    try {
      await work();
      return true;
    } catch (error) {
      if (!isProblem(error, 'precondition_failed')) {
        failure.value = error;
        return false;
      }
    }
    try {
      const answer = await api.getDraft();
      take(answer);
      // Of the same mind, there is nothing to choose.
      if (same(answer.data, values.value)) return false;
      conflict.value = answer.data;
    } catch (error) {
      failure.value = error;
    }
    return false;
  }

  function save(): Promise<boolean> {
    clearTimeout(timer);
    const run = queue.then(async () => {
      if (isSaved.value || !isWhole.value || conflict.value) return isSaved.value;
      isSaving.value = true;
      const { logo, favicon, ...colours } = values.value;
      const look = { ...colours, logo: logo?.id ?? null, favicon: favicon?.id ?? null };
      const done = await attempt(async () => take(await api.saveDraft(look, tag)));
      isSaving.value = false;
      return done;
    });
    queue = run.catch(() => undefined);
    return run;
  }

  /** Makes the draft what everyone sees. @returns the theme, unless something stands in the way. */
  async function publish(): Promise<EditedTheme | undefined> {
    if (!isSaved.value && !(await save())) return undefined;
    let theme: EditedTheme | undefined;
    // Taken back to what is published, by hand: there may be no draft to publish.
    await attempt(async () => void (theme = await api.publishTheme(tag)));
    if (theme) await load();
    return theme;
  }

  /** @returns whether it was done. */
  async function discard(): Promise<boolean> {
    clearTimeout(timer);
    await queue;
    const done = await attempt(async () => {
      if (draft.value?.is_kept) take(await api.discardDraft(tag));
    });
    if (done && draft.value) values.value = lookOf(draft.value.published);
    return done;
  }

  /** After a conflict: with one's own choice over what is there now. */
  async function settle(look: Look): Promise<void> {
    conflict.value = undefined;
    values.value = look;
    await save();
  }

  watch(
    values,
    () => {
      clearTimeout(timer);
      if (draft.value && isWhole.value && !isSaved.value) timer = setTimeout(() => void save(), PAUSE);
    },
    { deep: true },
  );
  // What was chosen last is kept, also by someone who leaves at once.
  onBeforeUnmount(() => void save());

  return {
    values,
    draft,
    conflict,
    failure,
    isSaving,
    isSaved,
    isChanged,
    isWhole,
    load,
    save,
    publish,
    discard,
    settle,
  };
}
