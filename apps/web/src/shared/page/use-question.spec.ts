import { expect, test, vi } from 'vitest';
import { nextTick } from 'vue';
import { useQuestion } from './use-question.ts';

test('a question that is asked again has forgotten the refusal, one that closes keeps its words while it fades', async () => {
  const answer = { reset: vi.fn() };
  const asks = useQuestion(answer);
  asks.value = true;
  await nextTick();
  asks.value = false;
  await nextTick();
  expect(answer.reset).toHaveBeenCalledTimes(1);
  asks.value = true;
  await nextTick();
  expect(answer.reset).toHaveBeenCalledTimes(2);
});
