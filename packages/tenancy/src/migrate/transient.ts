/** SQLSTATE of what a second attempt may not meet: a lock that was not to be had, a deadlock, a server that is being restarted. */
const TRANSIENT = new Set([
  '55P03',
  '40P01',
  '40001',
  '53300',
  '57P01',
  '57P02',
  '57P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);

/** Whether to try again what failed so: a lock that was not to be had in time, or a connection that broke. */
export function isTransient(error: unknown): boolean {
  for (
    let current = error;
    current instanceof Error;
    current = (current as { nativeError?: unknown }).nativeError ?? current.cause
  ) {
    if (TRANSIENT.has((current as { code?: string }).code ?? '')) return true;
    if (/Connection terminated|not queryable|Connection ended|timeout expired/i.test(current.message))
      return true;
    if (current.name === 'KnexTimeoutError') return true;
  }
  return false;
}

/**
 * Milliseconds before the next attempt: twice as long each time, up to 10 s, and by chance a half more, so that those who met
 * each other do not meet again.
 */
export const backOff = (first: number, attempts: number): number =>
  Math.min(first * 2 ** (attempts - 1), 10_000) * (1 + Math.random() / 2);
