import type { TenantRef } from './tenant-ref.ts';

/** Names that carry a tenant in stores other than PostgreSQL. Pure, so that no two places can spell them differently. */

/** Prefix of a tenant's cache entries. */
export const cachePrefix = (tenant: TenantRef): string => `tenant:${tenant.id}:`;

/** Folder of a tenant's files, without a leading slash. */
export const storagePrefix = (tenant: Pick<TenantRef, 'id'>): string => `mediafiles/tenant_${tenant.id}/`;

/** Realtime room of everyone connected to a tenant. */
export const realtimeRoom = (tenant: Pick<TenantRef, 'id'>): string => `tenant:${tenant.id}`;

/** Realtime room of one member of a tenant, on all their devices. */
export const realtimeUserRoom = (tenant: Pick<TenantRef, 'id'>, userId: string): string =>
  `${realtimeRoom(tenant)}:user:${userId}`;

/** Realtime room of one group of a tenant. */
export const realtimeGroupRoom = (tenant: Pick<TenantRef, 'id'>, groupId: string): string =>
  `${realtimeRoom(tenant)}:group:${groupId}`;
