import type { OwnProfile } from '@preau/contracts/networks';
import { DEFAULT_CATEGORY, NETWORK_LETTER, type PlaceCreate } from '@preau/contracts/places';
import { subdomainOf } from '@preau/contracts/subdomain-of';
import { SCHOOL_TYPES, type SchoolType } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { Origin } from '../audit/index.ts';
import type { ProfileService } from '../directory/index.ts';
import {
  subdomainAvailability,
  type Provisioned,
  type ProvisioningService,
  type TenantService,
} from '../tenants/index.ts';

export type PlaceService = ReturnType<typeof createPlaceService>;

export interface CreatedPlace extends Provisioned {
  profile: OwnProfile;
}

/** Schools of one name that are made at the same moment: each takes the next free number, or loses a round. */
const MOST_ROUNDS = 8;

const typeOf = (category: string): SchoolType => {
  if (category === NETWORK_LETTER) return 'network';
  return SCHOOL_TYPES.find((type) => type === category) ?? DEFAULT_CATEGORY;
};

/** Makes schools for programs that know them as places: one request is a school that is open and shown. */
export function createPlaceService({
  tenancy,
  tenants,
  provisioning,
  profiles,
  heldNames,
  baseDomain,
}: {
  tenancy: Tenancy;
  tenants: Pick<TenantService, 'create'>;
  provisioning: Pick<ProvisioningService, 'provision'>;
  profiles: Pick<ProfileService, 'get' | 'write' | 'fetchPictures'>;
  /** Names that are kept for schools that were asked for. */
  heldNames: (trx: CentralTrx, subdomain: string) => Promise<string[]>;
  baseDomain: string;
}) {
  /** Made from the name; where that is no name of a host, or a reserved one, with a word before it. */
  const freeSubdomain = (name: string): Promise<string> =>
    tenancy.central(
      async ({ trx }) => {
        const look = async (wanted: string) =>
          subdomainAvailability(trx, wanted, baseDomain, await heldNames(trx, wanted));
        const plain = await look(subdomainOf(name));
        const { subdomain, suggestion } = plain.problem ? await look(subdomainOf(`ecole ${name}`)) : plain;
        return suggestion ?? subdomain;
      },
      { readOnly: true },
    );

  /** Rolled back with all that was written along with it where another school has taken the name meanwhile. */
  async function enter(origin: Origin, body: PlaceCreate, round = 1): Promise<string> {
    const { organisation, adress, city, short_description, long_description, img_url, logo_url } = body;
    const subdomain = await freeSubdomain(organisation);
    try {
      const { tenant } = await tenants.create(
        origin,
        {
          school_name: organisation,
          school_type: typeOf(body.categorie),
          subdomain,
          email: body.email,
          phone: body.phone,
          address: adress ?? '',
          postal_code: body.postal_code,
          city: city ?? '',
          website: body.site_web,
        },
        async (trx, id) => {
          const shown = { listed: true, short_description, long_description, img_url, logo_url };
          await profiles.write(trx, id, origin, shown);
        },
      );
      return tenant.id;
    } catch (error) {
      const lost = error instanceof AppError && error.code === 'subdomain_taken';
      if (!lost || round === MOST_ROUNDS) throw error;
      return enter(origin, body, round + 1);
    }
  }

  return {
    /** Throws `provisioning_failed`: the school is then entered, and can be provisioned again. */
    async create(origin: Origin, body: PlaceCreate): Promise<CreatedPlace> {
      const id = await enter(origin, body);
      const provisioned = await provisioning.provision(origin, id);
      await profiles.fetchPictures(origin, id);
      const { profile } = await profiles.get(id);
      return { ...provisioned, profile };
    },
  };
}
