import { randomBytes } from 'node:crypto';

/** Name of a tenant's schema and of the role that owns it: `t_` and 16 hexadecimal digits. */
export type SchemaName = `t_${string}`;

/** All the kernel needs to know of a tenant. */
export interface TenantRef {
  readonly id: string;
  readonly schemaName: string;
}

const SCHEMA_NAME = /^t_[0-9a-f]{16}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** A new random schema name. Never derived from what a person typed, so that no text can choose another's schema. */
export function newSchemaName(): SchemaName {
  return `t_${randomBytes(8).toString('hex')}`;
}

/**
 * Checks that a name may be written into SQL as an identifier without quoting.
 * @throws Error when it is not `t_` and 16 lower-case hexadecimal digits.
 */
export function assertSchemaName(name: string): asserts name is SchemaName {
  if (!SCHEMA_NAME.test(name)) throw new Error(`Not a tenant schema name: ${JSON.stringify(name)}`);
}

/**
 * Checks both halves of a reference, since both are written into the opening message.
 * @throws Error when the schema name or the id (lower-case UUID) is malformed.
 */
export function assertTenantRef(tenant: TenantRef): void {
  assertSchemaName(tenant.schemaName);
  if (!UUID.test(tenant.id)) throw new Error(`Not a tenant id: ${JSON.stringify(tenant.id)}`);
}
