import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { OPERATOR } from '../../src/features/audit/index.ts';
import { digest, newSecret } from '../../src/features/identity/index.ts';
import type { Services } from '../../src/services.ts';
import { ordinarySchool } from '../school.ts';

export interface Person {
  id: string;
  /** `Cookie` of each of their two sessions. */
  cookies: [string, string];
}

/** A school with everybody's sessions open. The first of them is an administrator, the others are teachers. */
export interface FullSchool {
  id: string;
  schemaName: string;
  host: string;
  people: Person[];
}

async function enterPeople(client: pg.Client, school: FullSchool): Promise<void> {
  const { id, people } = school;
  const ids = people.map((person) => person.id);
  await client.query(
    `INSERT INTO public.users (id, email, full_name, email_verified_at)
     SELECT id, id || '@example.org', 'Camille Dupré', now() FROM unnest($1::uuid[]) AS id`,
    [ids],
  );
  await client.query(
    `INSERT INTO public.memberships (user_id, tenant_id, role)
     SELECT id, $2, CASE n WHEN 1 THEN 'admin' ELSE 'teacher' END FROM unnest($1::uuid[]) WITH ORDINALITY AS p (id, n)`,
    [ids, id],
  );
  const sessions = people.flatMap((person) =>
    person.cookies.map((cookie) => ({ user: person.id, hash: digest(cookie.split('=')[1] ?? '') })),
  );
  await client.query(
    `INSERT INTO public.sessions (id, token_hash, user_id, tenant_id, expires_at)
     SELECT * FROM (SELECT unnest($1::uuid[]), unnest($2::bytea[]), unnest($3::uuid[]), $4::uuid, now() + interval '1 hour') AS s`,
    [sessions.map(() => uuidv7()), sessions.map(({ hash }) => hash), sessions.map(({ user }) => user), id],
  );
}

/**
 * Schools with so many people each, who are logged in twice: entered as a log-in would have, without its argon2, which would take
 * longer than all that is measured.
 */
export async function openFullSchools(
  services: Services,
  databaseUrl: string,
  { count, members }: { count: number; members: number },
): Promise<FullSchool[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const cookie = () => `preau_session=${newSecret()}`;
  const schools: FullSchool[] = [];
  try {
    for (let number = 0; number < count; number += 1) {
      const subdomain = `ecole-${number}`;
      const { tenant } = await services.tenants.create(OPERATOR, ordinarySchool(subdomain));
      await services.provisioning.provision(OPERATOR, tenant.id);
      const school: FullSchool = {
        id: tenant.id,
        schemaName: tenant.schema_name,
        host: `${subdomain}.${services.base.domain}`,
        people: Array.from({ length: members }, () => ({ id: uuidv7(), cookies: [cookie(), cookie()] })),
      };
      await enterPeople(client, school);
      schools.push(school);
    }
    await client.query('ANALYZE public.users, public.memberships, public.sessions');
  } finally {
    await client.end();
  }
  return schools;
}
