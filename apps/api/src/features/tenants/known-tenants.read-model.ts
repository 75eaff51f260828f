import type { CentralTrx } from '@preau/tenancy';
import { Tenant } from './tenant.model.ts';

/** What is there already of the schools of a list. */
export interface KnownTenants {
  byUai: ReadonlyMap<string, Tenant>;
  bySubdomain: ReadonlyMap<string, Tenant>;
  /** Of the subdomains asked for, those that somebody has or had. */
  taken: ReadonlySet<string>;
  /** Subdomain of each network by its id and by its subdomain. */
  networks: ReadonlyMap<string, string>;
}

/** Looks up a whole list at once: four queries whatever its length. */
export async function knownTenants(
  trx: CentralTrx,
  {
    uais,
    subdomains,
    baseDomain,
  }: { uais: readonly string[]; subdomains: readonly string[]; baseDomain: string },
): Promise<KnownTenants> {
  const hosts = subdomains.map((subdomain) => `${subdomain}.${baseDomain}`);
  const [byUai, bySubdomain, domains, networks] = await Promise.all([
    Tenant.query(trx).whereRaw('uai = ANY(?)', [[...uais]]),
    Tenant.query(trx).whereRaw('subdomain = ANY(?)', [[...subdomains]]),
    trx.raw('SELECT domain FROM public.domains WHERE domain = ANY(?)', [hosts]),
    Tenant.query(trx)
      .select('id', 'subdomain')
      .where('school_type', 'network')
      .whereNot('status', 'archived'),
  ]);
  const suffix = `.${baseDomain}`.length;
  return {
    byUai: new Map(byUai.map((tenant) => [tenant.uai ?? '', tenant])),
    bySubdomain: new Map(bySubdomain.map((tenant) => [tenant.subdomain, tenant])),
    taken: new Set([
      ...bySubdomain.map(({ subdomain }) => subdomain),
      ...(domains.rows as { domain: string }[]).map(({ domain }) => domain.slice(0, -suffix)),
    ]),
    networks: new Map(
      networks.flatMap(({ id, subdomain }) => [
        [id, subdomain],
        [subdomain, subdomain],
      ]),
    ),
  };
}
