import type { TenantRef } from './tenant-ref.ts';

/** Names that carry a tenant in stores other than PostgreSQL. Pure, so that no two places can spell them differently. */

/** Prefix of a tenant's cache entries. */
export const cachePrefix = (tenant: TenantRef): string => `tenant:${tenant.id}:`;

/** Folder of a tenant's files, without a leading slash. */
export const storagePrefix = (tenant: Pick<TenantRef, 'id'>): string => `mediafiles/tenant_${tenant.id}/`;

/** Realtime room of everyone connected to a tenant. */
export const realtimeRoom = (tenant: TenantRef): string => `tenant:${tenant.id}`;
