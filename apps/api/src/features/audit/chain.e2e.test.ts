import type { AuditProblem, AuditVerdict } from '@preau/contracts/audit';
import { withClient } from '@preau/postgres-launcher';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, schoolAdmin, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { auditCentral, auditTenant, SYSTEM } from './index.ts';

let t: TestApp;
let admin: Client;
beforeAll(async () => {
  t = await createTestApp();
  admin = await superadmin(t);
});
afterAll(() => t.close());

const entry = (id: string) => ({ action: 'test.done', target: { type: 'test', id } });

/** A school with rows enough to take some out of the middle. */
async function schoolWithRows(rows = 5): Promise<School> {
  const school = await createSchool(t);
  for (let at = 0; at < rows; at += 1)
    await t.services.tenancy.central(({ trx }) => auditCentral(trx, SYSTEM, school.id, entry(String(at))));
  return school;
}

const verify = async (tenant: string): Promise<AuditVerdict> => {
  const answer = await t.services.audit.verify(tenant === 'platform' ? null : tenant);
  return answer;
};

/** What the superuser of the database does, past the application. */
const tamper = (text: string, ...values: unknown[]) => t.sql(text, values);

const rowAt = async (school: School, position: number): Promise<string> =>
  (
    await t.sql<{ seq: string }>('SELECT seq FROM audit.links WHERE chain = $1 AND position = $2', [
      school.id,
      position,
    ])
  )[0]?.seq ?? 'none';

const problemsOf = async (school: School): Promise<Partial<AuditProblem>[]> => {
  const { holds, problems } = await verify(school.id);
  expect(holds).toBe(problems.length === 0);
  return problems;
};

describe('the chain of a school’s rows', () => {
  it('holds as it was written, over HTTP for the platform, for one school and on its own host', async () => {
    const school = await schoolWithRows();
    const whole = await admin.get('/audit_log/verify/');
    expect(whole).toMatchObject({ status: 200, body: { holds: true, problems: [] } });
    expect(whole.body.chains).toBeGreaterThan(1);
    const one = await admin.get('/audit_log/verify/', { query: { tenant: school.id } });
    expect(one.body).toMatchObject({ holds: true, chains: 1 });
    expect(one.body.rows).toBeGreaterThan(5);
    const head = await schoolAdmin(t, school);
    expect((await head.get('/current-tenant/audit_log/verify/')).body).toMatchObject({
      holds: true,
      chains: 1,
    });
    expect(
      (await admin.get('/audit_log/verify/', { query: { tenant: crypto.randomUUID() } })).body.code,
    ).toBe('not_found');
  });

  it.each([
    ['what was done', `action = 'test.undone'`],
    ['who did it', `actor_label = 'somebody else'`],
    ['when', `at = at + interval '1 microsecond'`],
    ['what there was before', `before = '{"a": 1}'`],
    ['what it was done to', 'target_id = NULL'],
    ['by whose leave', `grantor_label = 'x'`],
    ['the school', 'tenant_id = NULL'],
  ])('names the row in which somebody changed %s', async (_, change) => {
    const school = await schoolWithRows();
    const seq = await rowAt(school, 4);
    await tamper(`UPDATE audit.log SET ${change} WHERE seq = $1`, seq);
    expect(await problemsOf(school)).toMatchObject([{ kind: 'changed', seq: Number(seq), position: 4 }]);
  });

  it('names a row that was taken away, though its link stays', async () => {
    const school = await schoolWithRows();
    const seq = await rowAt(school, 3);
    await tamper('DELETE FROM audit.log WHERE seq = $1', seq);
    expect(await problemsOf(school)).toMatchObject([{ kind: 'deleted', seq: Number(seq), position: 3 }]);
  });

  it('names the gap where rows were taken away with their links', async () => {
    const school = await schoolWithRows();
    await tamper(
      `WITH gone AS (DELETE FROM audit.links WHERE chain = $1 AND position IN (3, 4) RETURNING seq)
       DELETE FROM audit.log WHERE seq IN (SELECT seq FROM gone)`,
      school.id,
    );
    expect(await problemsOf(school)).toMatchObject([{ kind: 'gap', position: 3, until: 4 }]);
  });

  it('names the end that was cut off, also after more was written', async () => {
    const school = await schoolWithRows();
    const [{ position }] = (await t.sql<{ position: string }>(
      'SELECT position FROM audit.heads WHERE chain = $1',
      [school.id],
    )) as [{ position: string }];
    const last = Number(position);
    await tamper(
      `WITH gone AS (DELETE FROM audit.links WHERE chain = $1 AND position > $2 RETURNING seq)
       DELETE FROM audit.log WHERE seq IN (SELECT seq FROM gone)`,
      school.id,
      last - 2,
    );
    expect(await problemsOf(school)).toMatchObject([{ kind: 'cut', position: last - 1, until: last }]);
    await t.services.tenancy.central(({ trx }) => auditCentral(trx, SYSTEM, school.id, entry('later')));
    expect(await problemsOf(school)).toMatchObject([{ kind: 'gap', position: last - 1, until: last }]);
  });

  it('names a school whose whole trail is gone, and rows that were put in by hand', async () => {
    const [gone, fed] = [await schoolWithRows(), await schoolWithRows()];
    for (const [table, column] of [
      ['log', 'tenant_id'],
      ['links', 'chain'],
      ['heads', 'chain'],
    ])
      await tamper(`DELETE FROM audit.${table} WHERE ${column} = $1`, gone.id);
    expect(await problemsOf(gone)).toMatchObject([{ kind: 'cut', position: 1 }]);

    const [{ seq }] = (await withClient(t.fresh.adminUrl, async (client) => {
      await client.query("SET session_replication_role = 'replica'");
      return (
        await client.query(
          `INSERT INTO audit.log (tenant_id, actor_type, actor_label, action, target_type)
           VALUES ($1, 'system', 'x', 'x.y', 'x') RETURNING seq`,
          [fed.id],
        )
      ).rows;
    })) as [{ seq: string }];
    expect(await problemsOf(fed)).toMatchObject([{ kind: 'unlinked', seq: Number(seq), action: 'x.y' }]);
  });

  it('names a row that was rewritten with its link, and an end that was moved', async () => {
    const [one, other] = [await schoolWithRows(), await schoolWithRows()];
    await tamper(`UPDATE audit.links SET hash = sha256('forged') WHERE chain = $1 AND position = 3`, one.id);
    expect(await problemsOf(one)).toMatchObject([
      { kind: 'changed', position: 3 },
      { kind: 'relinked', position: 4 },
    ]);
    await tamper(`UPDATE audit.heads SET position = position - 1 WHERE chain = $1`, other.id);
    expect(await problemsOf(other)).toMatchObject([{ kind: 'head' }]);
  });

  it('that somebody wrote anew from end to end differs from ends that were noted elsewhere', async () => {
    const school = await schoolWithRows();
    const noted = await t.services.audit.heads();
    expect((await t.services.audit.verify(school.id, noted)).holds).toBe(true);
    await tamper(`UPDATE audit.log SET actor_label = 'forged' WHERE tenant_id = $1`, school.id);
    await tamper('DELETE FROM audit.links WHERE chain = $1', school.id);
    await tamper('DELETE FROM audit.heads WHERE chain = $1', school.id);
    await tamper('SELECT audit.link_from(0)');
    expect((await t.services.audit.verify(school.id)).holds).toBe(true);
    const { holds, problems } = await t.services.audit.verify(school.id, noted);
    expect(holds).toBe(false);
    expect(problems).toMatchObject([{ tenant_id: school.id, kind: 'rewritten' }]);
  });
});

describe('writing to a chain', () => {
  it('keeps it whole with fifty writers of one school at once, who write to the platform’s as well', async () => {
    const school = await createSchool(t);
    const [{ position: before }] = (await t.sql<{ position: string }>(
      'SELECT position FROM audit.heads WHERE chain = $1',
      [school.id],
    )) as [{ position: string }];
    await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        at % 2 === 0
          ? t.services.tenancy.write(school.ref, ({ trx }) => auditTenant(trx, SYSTEM, entry(String(at))))
          : t.services.tenancy.central(async ({ trx }) => {
              // In either order: two that waited for each other would be a deadlock.
              const chains = at % 4 === 1 ? [school.id, null] : [null, school.id];
              for (const chain of chains) await auditCentral(trx, SYSTEM, chain, entry(String(at)));
            }),
      ),
    );
    const { holds, rows } = await verify(school.id);
    expect(holds).toBe(true);
    expect(rows).toBe(Number(before) + 50);
    expect((await verify('platform')).holds).toBe(true);
  });

  it('does not wait for a transaction that has written and not ended, of the same school or another', async () => {
    const school = await createSchool(t);
    const slow = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const held = t.services.tenancy.central(async ({ trx }) => {
      await auditCentral(trx, SYSTEM, school.id, entry('slow'));
      written.resolve();
      await slow.promise;
    });
    await written.promise;
    await t.services.tenancy.central(({ trx }) => auditCentral(trx, SYSTEM, school.id, entry('quick')));
    slow.resolve();
    await held;
    const rows = await t.sql(
      'SELECT l.target_id FROM audit.links k JOIN audit.log l USING (seq) WHERE k.chain = $1 ORDER BY position DESC LIMIT 2',
      [school.id],
    );
    expect(rows).toEqual([{ target_id: 'slow' }, { target_id: 'quick' }]);
    expect((await verify(school.id)).holds).toBe(true);
  });

  it('leaves no place empty when a transaction is rolled back', async () => {
    const school = await createSchool(t);
    await expect(
      t.services.tenancy.central(async ({ trx }) => {
        await auditCentral(trx, SYSTEM, school.id, entry('never'));
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await t.services.tenancy.central(({ trx }) => auditCentral(trx, SYSTEM, school.id, entry('then')));
    expect((await verify(school.id)).holds).toBe(true);
  });
});

describe('the application’s own role', () => {
  it.each([
    'UPDATE audit.log SET action = action',
    'DELETE FROM audit.log',
    'TRUNCATE audit.log',
    'TRUNCATE audit.log, audit.links, audit.heads CASCADE',
    'UPDATE public.audit_log SET action = action',
    'DELETE FROM public.audit_log',
    'UPDATE audit.links SET position = position',
    'DELETE FROM audit.links',
    "INSERT INTO audit.links VALUES (gen_random_uuid(), 1, 1, '', '')",
    'UPDATE audit.heads SET position = 0',
    'DELETE FROM audit.heads',
    'DROP TABLE audit.log CASCADE',
    'DROP SCHEMA audit CASCADE',
    'ALTER TABLE audit.log DISABLE TRIGGER ALL',
    'ALTER TABLE audit.log OWNER TO CURRENT_USER',
    'ALTER SCHEMA audit OWNER TO CURRENT_USER',
    'GRANT DELETE ON audit.log TO CURRENT_USER; DELETE FROM audit.log',
    'GRANT preau_audit TO CURRENT_USER',
    'SET ROLE preau_audit',
    'SELECT audit.link_from(0)',
    'CREATE OR REPLACE FUNCTION audit.seal() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NULL; END$$',
    "SET session_replication_role = 'replica'",
    'BEGIN; LOCK TABLE audit.log IN ACCESS EXCLUSIVE MODE',
    'COPY audit.links FROM STDIN',
    'CREATE RULE no_more AS ON INSERT TO audit.log DO INSTEAD NOTHING',
    'CREATE TRIGGER no_more BEFORE INSERT ON audit.log FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()',
  ])('cannot: %s', async (text) => {
    const count = async () => (await t.sql('SELECT count(*) FROM audit.log'))[0];
    const before = await count();
    await expect(withClient(t.fresh.url, (client) => client.query(text))).rejects.toThrow(
      /denied|must be owner|not permitted|permission|must be able to/i,
    );
    expect(await count()).toEqual(before);
  });

  it('can add rows, and read them', async () => {
    await withClient(t.fresh.url, async (client) => {
      await client.query(
        `INSERT INTO audit.log (actor_type, actor_label, action, target_type) VALUES ('system', 'x', 'x.y', 'x')`,
      );
      expect((await client.query('SELECT FROM audit.log')).rowCount).toBeGreaterThan(0);
    });
    expect((await verify('platform')).holds).toBe(true);
  });
});
