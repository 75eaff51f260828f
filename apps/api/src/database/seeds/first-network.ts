import { SYSTEM } from '../../features/audit/index.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';

/** What two processes at once, or an administrator meanwhile, may have done already: no reason not to start. */
const DONE_BY_ANOTHER = new Set(['subdomain_taken', 'already_provisioned']);

/**
 * A fresh installation has one network, whose address can be changed later. Made only while there is no network at all; one
 * that was cut short is gone on with, and those of the administrators are left as they are.
 */
export async function ensureFirstNetwork(
  { tenants, provisioning }: Services,
  subdomain: string,
): Promise<void> {
  const { count, rows } = await tenants.list({ school_type: 'network', page_size: 100 });
  const unfinished = rows.find(
    ({ tenant }) => tenant.subdomain === subdomain && !tenant.provisioned_at && tenant.status !== 'archived',
  );
  if (count > 0 && !(count === 1 && unfinished)) return;
  try {
    const { tenant } =
      unfinished ??
      (await tenants.create(SYSTEM, {
        school_name: 'Réseau Préau',
        school_type: 'network',
        subdomain,
        email: `contact@${subdomain}.invalid`,
        phone: '0100000000',
        address: '—',
        postal_code: '—',
        city: '—',
      }));
    await provisioning.provision(SYSTEM, tenant.id);
  } catch (error) {
    if (error instanceof AppError && DONE_BY_ANOTHER.has(error.code)) return;
    throw error;
  }
}
