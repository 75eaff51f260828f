interface PgError {
  code?: string;
  constraint?: string;
}

const isPgError = (error: unknown): error is PgError & Error => error instanceof Error;

/** Finds the driver's error inside what Objection and knex wrap around it. */
function* causes(error: unknown): Generator<PgError & Error> {
  for (
    let current = error;
    isPgError(current);
    current = (current as { nativeError?: unknown; cause?: unknown }).nativeError ?? current.cause
  ) {
    yield current;
  }
}

/**
 * Whether a unique constraint was hit, and which: by name where a table has several. Citus adds a shard number to the
 * names, so that the start decides.
 */
export function violatesUnique(error: unknown, constraint: string): boolean {
  for (const { code, constraint: name } of causes(error)) {
    if (code === '23505' && name?.startsWith(constraint)) return true;
  }
  return false;
}

/** Whether a foreign key stood in the way. */
export function violatesForeignKey(error: unknown, constraint: string): boolean {
  for (const { code, constraint: name } of causes(error)) {
    if (code === '23503' && name?.startsWith(constraint)) return true;
  }
  return false;
}

/** Whether values were refused that PostgreSQL would refuse every time: of another type, or against a constraint. */
export function refusesData(error: unknown): boolean {
  for (const { code } of causes(error)) if (code && /^2[23]/.test(code)) return true;
  return false;
}

/** Whether a statement named a table that is not there. */
export function isMissingTable(error: unknown): boolean {
  for (const { code } of causes(error)) if (code === '42P01') return true;
  return false;
}

const UNAVAILABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EAI_AGAIN',
  '57P01',
  '57P02',
  '57P03',
  '53300',
  // A lock or a statement took too long.
  '55P03',
  '57014',
  // Silent for too long inside a transaction.
  '25P03',
  '08000',
  '08001',
  '08003',
  '08004',
  '08006',
  // What PgBouncer says of a server that it lost or cannot reach.
  '08P01',
]);

/** Whether the database could not be reached, as opposed to having refused something. */
export function isDatabaseUnavailable(error: unknown): boolean {
  for (const cause of causes(error)) {
    if (cause.code && UNAVAILABLE.has(cause.code)) return true;
    if (cause.name === 'KnexTimeoutError' || cause instanceof AggregateError) return true;
    if (/Connection terminated|not queryable|timeout expired|Connection ended/i.test(cause.message))
      return true;
  }
  return false;
}
