import type { TenantCreate } from '@preau/contracts/tenants';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { TenantRef } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { hashPassword, insertMembership, insertUser } from '../../src/features/identity/index.ts';
import type { User } from '../../src/features/identity/user.repository.ts';
import type { TestApp } from './harness.ts';

let counter = 0;
const next = (): number => (counter += 1);

/** The body printed in the seed, under a subdomain of its own. */
export const newTenantBody = (over: Partial<TenantCreate> = {}): TenantCreate => ({
  school_name: 'Lycée Victor Hugo',
  school_type: 'lycee',
  subdomain: `lycee-hugo-${next()}`,
  email: 'contact@lycee-hugo.fr',
  phone: '0123456789',
  address: '123 rue Victor Hugo',
  postal_code: '75001',
  city: 'Paris',
  primary_color: '#2E7D32',
  secondary_color: '#1B5E20',
  max_students: 1500,
  ...over,
});

export interface School {
  id: string;
  subdomain: string;
  host: string;
  schemaName: string;
  ref: TenantRef;
  /** Token of the first administrator's invitation; empty before provisioning. */
  invitation: string;
}

/** A school, open unless told otherwise. */
export async function createSchool(
  t: TestApp,
  { provisioned = true, ...over }: Partial<TenantCreate> & { provisioned?: boolean } = {},
): Promise<School> {
  const { tenant } = await t.services.tenants.create(SYSTEM, newTenantBody(over));
  const made = provisioned ? await t.services.provisioning.provision(SYSTEM, tenant.id) : null;
  return {
    id: tenant.id,
    subdomain: tenant.subdomain,
    host: `${tenant.subdomain}.${t.base}`,
    schemaName: tenant.schema_name,
    ref: { id: tenant.id, schemaName: tenant.schema_name },
    invitation: made?.invitation.token ?? '',
  };
}

export const PASSWORD = 'quatre mots bien choisis';
let hash: Promise<string> | undefined;

/** A new person with {@link PASSWORD}; nothing says where they belong. */
export async function addUser(t: TestApp, email = `personne-${next()}@example.org`): Promise<User> {
  hash ??= hashPassword(PASSWORD);
  const user = {
    id: uuidv7(),
    email,
    full_name: 'Camille Dupré',
    password_hash: await hash,
    is_superadmin: false,
  };
  await t.services.tenancy.central(({ trx }) => insertUser(trx, user));
  return user as User;
}

export async function addMember(t: TestApp, school: School, role: SchoolRole, known?: User): Promise<User> {
  const user = known ?? (await addUser(t));
  await t.services.tenancy.central(({ trx }) => insertMembership(trx, user.id, school.id, role));
  return user;
}

/** A job as it is kept, that no worker was woken for. */
export async function insertJob(t: TestApp, { ended }: { ended: boolean }): Promise<string> {
  const id = uuidv7();
  await t.sql(
    `INSERT INTO public.jobs (id, kind, status, finished_at, payload, max_attempts, actor_type, actor_label)
     VALUES ($1, 'test.made', $2, $3, '{}', 1, 'operator', 'preau')`,
    [id, ended ? 'done' : 'queued', ended ? new Date() : null],
  );
  return id;
}

/** A run of the fleet migrator as it is kept, with what became of one school. */
export async function insertFleetRun(t: TestApp): Promise<string> {
  const id = uuidv7();
  await t.sql(
    `INSERT INTO public.fleet_runs (id, kind, status, host, pid, total, ended_at) VALUES ($1, 'migrate', 'done', 'test', 1, 1, now())`,
    [id],
  );
  await t.sql(
    `INSERT INTO public.fleet_results (run_id, schema_name, applied, attempts) VALUES ($1, 't_00000000000000aa', '{}', 1)`,
    [id],
  );
  return id;
}
