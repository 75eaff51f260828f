import type { Delivered, EventData, EventName } from '@preau/contracts/realtime';
import { computed, onScopeDispose, shallowRef, watch, type ComputedRef } from 'vue';
import { line, onMessage, onResync } from './line.ts';

/** Follows messages of an operation for as long as the component lives. */
export function useMessage<Name extends EventName>(
  op: Name,
  handler: (data: EventData<Name>, message: Delivered) => void,
): void {
  onScopeDispose(onMessage(op, handler));
}

/** Asks again for what is shown when messages were missed for good. */
export function useResync(handler: () => void): void {
  onScopeDispose(onResync(handler));
}

/** Milliseconds for which a line may be cut before anybody is told. */
const UNNOTICED = 4_000;

/** Whether news does not arrive, for longer than a moment. */
export function useCut(): ComputedRef<boolean> {
  const cut = shallowRef(false);
  let timer: ReturnType<typeof setTimeout> | undefined;
  watch(
    line.state,
    (state) => {
      clearTimeout(timer);
      if (state !== 'lost') cut.value = false;
      else timer = setTimeout(() => (cut.value = true), UNNOTICED);
    },
    { immediate: true },
  );
  onScopeDispose(() => clearTimeout(timer));
  return computed(() => cut.value);
}
