import { SYSTEM } from '../../features/audit/index.ts';
import type { Services } from '../../services.ts';
import { AppError } from '../../platform/app-error.ts';

/** A fresh installation has one network, whose address can be changed later. Made once, even by two processes at once. */
export async function ensureFirstNetwork(
  { tenants, provisioning }: Services,
  subdomain: string,
): Promise<void> {
  const { rows } = await tenants.list({ school_type: 'network', page_size: 1 });
  const network = rows[0]?.tenant;
  if (network?.provisioned_at) return;
  try {
    const id =
      network?.id ??
      (
        await tenants.create(SYSTEM, {
          school_name: 'Réseau Préau',
          school_type: 'network',
          subdomain,
          email: `contact@${subdomain}.invalid`,
          phone: '0100000000',
          address: '—',
          postal_code: '—',
          city: '—',
        })
      ).tenant.id;
    await provisioning.provision(SYSTEM, id);
  } catch (error) {
    if (
      error instanceof AppError &&
      (error.code === 'subdomain_taken' || error.code === 'already_provisioned')
    )
      return;
    throw error;
  }
}
