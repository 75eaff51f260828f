import { NetworkError } from '../../shared/problem.ts';

/** 128 random bits in hexadecimal. `crypto.randomUUID` is missing where the page is served over plain http. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}

/**
 * Sends a form with an Idempotency-Key. The same form sent again because no answer came keeps its key, so that it is
 * created once; after an answer, or with other content, it is another submission.
 */
export function createSubmission<Body, Answer>(send: (body: Body, key: string) => Promise<Answer>) {
  let last: { content: string; key: string } | undefined;
  return async (body: Body): Promise<Answer> => {
    const content = JSON.stringify(body);
    if (last?.content !== content) last = { content, key: newKey() };
    try {
      const answer = await send(body, last.key);
      last = undefined;
      return answer;
    } catch (error) {
      if (!(error instanceof NetworkError)) last = undefined;
      throw error;
    }
  };
}
