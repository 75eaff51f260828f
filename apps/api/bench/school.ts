import type { TenantCreate } from '@preau/contracts/tenants';
import { SYSTEM } from '../src/features/audit/index.ts';
import { ask } from './ask.ts';
import type { Installation } from './installation.ts';

/** A school that is open, as its first administrator sees it. */
export interface School {
  id: string;
  schemaName: string;
  host: string;
  /** `Cookie` of a session on its host. */
  cookie: string;
}

/** A school with nothing particular about it. */
export const ordinarySchool = (subdomain: string): TenantCreate => ({
  school_name: `Lycée ${subdomain}`,
  school_type: 'lycee',
  subdomain,
  email: `direction@${subdomain}.example`,
  phone: '0145678901',
  address: '12 rue de la République',
  postal_code: '75011',
  city: 'Paris',
});

/** Makes a school, opens it, and logs its first administrator in over HTTP. */
export async function openSchool({ services, server }: Installation, subdomain: string): Promise<School> {
  const { tenant } = await services.tenants.create(SYSTEM, ordinarySchool(subdomain));
  const { invitation } = await services.provisioning.provision(SYSTEM, tenant.id);
  const host = `${subdomain}.${services.base.domain}`;
  const answer = await ask(`${server.url}/api/v1/invitations/${invitation.token}/accept/`, {
    method: 'POST',
    headers: { host },
    body: { full_name: 'Direction', password: 'un-long-mot-de-passe' },
  });
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0];
  if (answer.status !== 200 || !cookie)
    throw new Error(`The invitation was not accepted: ${answer.status} ${answer.body}`);
  return { id: tenant.id, schemaName: tenant.schema_name, host, cookie };
}
