import { ref, watch, type Ref } from 'vue';

/** Whether a question is being asked before something is done. Asked anew, it knows nothing of what was refused before. */
export function useQuestion(answer: { reset(): void }): Ref<boolean> {
  const asks = ref(false);
  watch(asks, (isOpen) => isOpen && answer.reset());
  return asks;
}
