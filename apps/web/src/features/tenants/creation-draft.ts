import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import { subdomainOf } from '@preau/contracts/subdomain-of';
import { computed, watch, type ComputedRef, type Ref } from 'vue';
import { useKept } from '../../shared/kept.ts';
import { useSession } from '../identity/index.ts';
import { blankTenant, type TenantValues } from './tenant-form.ts';

export interface CreationDraft {
  values: TenantValues;
  /** Somebody has typed an address of their own: it follows the name no more. */
  ownSubdomain: boolean;
  ownModules: boolean;
  /** Number of the furthest step that was reached. */
  reached: number;
}

const blank = (): CreationDraft => ({
  values: blankTenant(),
  ownSubdomain: false,
  ownModules: false,
  reached: 0,
});

/** What a draft of an earlier version of the page lacks is as on a new one. */
function accept(found: unknown): CreationDraft | undefined {
  if (typeof found !== 'object' || found === null || !('values' in found)) return undefined;
  const { values, ...rest } = found as CreationDraft;
  return { ...blank(), ...rest, values: { ...blankTenant(), ...values } };
}

/** A school that is being described, kept in the tab: a reload, the back button or another page lose nothing of it. */
export function useCreationDraft(): {
  draft: Ref<CreationDraft>;
  values: Ref<TenantValues>;
  isTouched: ComputedRef<boolean>;
  discard: () => void;
} {
  const session = useSession();
  const kept = useKept(`new-school:${session.me?.id ?? ''}`, 'visit', accept);
  kept.value ??= blank();
  const draft = kept as Ref<CreationDraft>;
  const values = computed({
    get: () => draft.value.values,
    set: (next) => (draft.value.values = next),
  });
  watch(
    () => values.value.school_name,
    (name) => {
      if (!draft.value.ownSubdomain) values.value.subdomain = subdomainOf(name);
    },
  );
  watch(
    () => values.value.school_type,
    (type) => {
      if (!draft.value.ownModules) values.value.modules_enabled = defaultModules(MODULES, type);
    },
  );
  return {
    draft,
    values,
    isTouched: computed(() => JSON.stringify(draft.value) !== JSON.stringify(blank())),
    discard: () => (draft.value = blank()),
  };
}
