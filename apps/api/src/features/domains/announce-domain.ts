import { publishChange, type CentralScope } from '@preau/tenancy';
import type { TenantDirectory } from '../current-tenant/index.ts';
import { touchVersion } from '../tenants/index.ts';

/** Every process must read the school again, and the host, whose absence may be remembered. */
export async function announceDomain(
  directory: TenantDirectory,
  { trx, afterCommit }: CentralScope,
  tenantId: string,
  host: string,
): Promise<void> {
  await touchVersion(trx, tenantId);
  await publishChange(trx, { kind: 'tenant', id: tenantId });
  await publishChange(trx, { kind: 'host', id: host });
  afterCommit(() => {
    directory.forgetTenant(tenantId);
    directory.forgetHost(host);
  });
}
