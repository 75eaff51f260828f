import type * as contracts from '@preau/contracts/tenant-bulk';
import { call, fetchFile } from '../../shared/http.ts';

export const changeTenants = (body: contracts.TenantBulk) =>
  call<typeof contracts.changeTenants>('POST', '/tenants/bulk/', { body });

export const exportTenants = (body: contracts.TenantChoice) =>
  fetchFile<typeof contracts.exportTenants>('POST', '/tenants/export/', { body });
