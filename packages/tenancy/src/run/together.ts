/** SQLSTATE of every statement after the one that failed, in the same transaction. */
const IN_FAILED_TRANSACTION = '25P02';

function isConsequence(error: unknown): boolean {
  for (
    let current = error;
    current instanceof Error;
    current = current.cause ?? (current as { nativeError?: unknown }).nativeError
  ) {
    if ((current as { code?: string }).code === IN_FAILED_TRANSACTION) return true;
  }
  return false;
}

/**
 * Waits for statements that were sent together in one transaction, where none needs another's answer.
 *
 * Rejects with the one that failed and not with those that failed because of it, which `Promise.all` cannot tell apart;
 * and only when all have been answered, so that nothing is sent after the rollback.
 */
export async function together<T extends readonly unknown[]>(
  work: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const settled = await Promise.allSettled(work);
  const failures = settled
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => reason as unknown);
  if (failures.length > 0) throw failures.find((failure) => !isConsequence(failure)) ?? failures[0];
  return settled.map((result) => (result as PromiseFulfilledResult<unknown>).value) as never;
}
