/**
 * How long a pooled connection is kept. PostgreSQL keeps the catalogue entries of every table that a connection has seen:
 * one that has been to 500 schools holds 89 MB.
 */
export interface ConnectionLimits {
  /** Milliseconds; up to a tenth is added at random, so that a pool does not renew itself all at once. */
  maxAge: number;
  /** Transactions. */
  maxUses: number;
  /** Different tenants that it has worked for. */
  maxTenants: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = { maxAge: 30 * 60_000, maxUses: 50_000, maxTenants: 250 };

/** Why connections were closed instead of being used again. */
export interface Retired {
  uses: number;
  tenants: number;
  /** Given back inside a transaction, or cut. */
  unfinished: number;
}

export interface ConnectionCare {
  readonly retired: Readonly<Retired>;
  /** Notes the beginning of a transaction. */
  noteUse(connection: object, schemaName: string | undefined): void;
  noteUnfinished(): void;
  /** Whether a connection may be used again. Asked once before each use; counts what it turns away. */
  mayBeUsed(connection: object): boolean;
}

/** Counts what each connection has been used for. Age is the pool's own business. */
export function createConnectionCare({ maxUses, maxTenants }: ConnectionLimits): ConnectionCare {
  const seen = new WeakMap<object, { uses: number; schemas: Set<string> }>();
  const retired: Retired = { uses: 0, tenants: 0, unfinished: 0 };
  return {
    retired,
    noteUse(connection, schemaName) {
      let life = seen.get(connection);
      if (!life) seen.set(connection, (life = { uses: 0, schemas: new Set() }));
      life.uses += 1;
      if (schemaName !== undefined) life.schemas.add(schemaName);
    },
    noteUnfinished: () => void (retired.unfinished += 1),
    mayBeUsed(connection) {
      const life = seen.get(connection);
      if (!life) return true;
      if (life.uses >= maxUses) retired.uses += 1;
      else if (life.schemas.size >= maxTenants) retired.tenants += 1;
      else return true;
      return false;
    },
  };
}
