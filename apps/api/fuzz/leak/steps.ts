import { together, type TenantTrx } from '@preau/tenancy';
import { type Context, IDENTITY, insert, look, lookAround, mustFail, Undo, write } from './context.ts';
import { FAULTS } from './faults.ts';
import type { Watermark } from './ledger.ts';
import { Group, type Pupil } from './models.ts';
import type { Kind } from './plan.ts';

async function http(context: Context, method: 'GET' | 'POST', payload?: object): Promise<void> {
  const { world, ledger, school, tenant, step } = context;
  const answer = await world.app.inject({
    method,
    url: '/api/v1/announcements/',
    headers: { host: school.host, cookie: school.cookie },
    ...(payload ? { payload } : {}),
  });
  ledger.count(`http ${answer.statusCode}`);
  if (answer.statusCode === 503) return;
  const expected = method === 'GET' ? 200 : 201;
  if (answer.statusCode !== expected)
    return ledger.surprise(`${step.kind}: ${answer.statusCode} ${answer.payload.slice(0, 200)}`);
  const body = answer.json<{ title: string; results?: { title: string }[] }>();
  const shown = body.results ?? [body];
  ledger.see(
    step.kind,
    tenant,
    shown.map(({ title }) => ({ mark: title })),
  );
}

/** How each kind is carried out. Rejects with what the database or a fault makes of it. */
export const STEPS: Record<Kind, (context: Context) => Promise<unknown>> = {
  read: (context) =>
    context.world.database.tenancy.read(context.tenant, async ({ trx }) => {
      await look(context, trx);
      await lookAround(context, trx);
    }),
  burst: (context) =>
    context.world.database.tenancy.read(context.tenant, ({ trx }) =>
      together([look(context, trx), lookAround(context, trx), look(context, trx), lookAround(context, trx)]),
    ),
  write: (context) =>
    write(context, context.step.ids, async (trx) => {
      await together([insert(context, trx, context.step.ids), lookAround(context, trx)]);
    }),
  graph: (context) =>
    write(context, context.step.ids, async (trx) => {
      const { step, tenant } = context;
      const [id, ...pupils] = step.ids.map((each) => ({ id: each, mark: tenant.id }));
      const graph = await Group.query(trx).insertGraph({ ...id, pupils } as never);
      context.ledger.see(step.kind, tenant, [graph, ...graph.pupils]);
      if (step.die < 200) throw new Undo();
    }),
  eager: (context) =>
    context.world.database.tenancy.read(context.tenant, async ({ trx }) => {
      const { step, tenant, ledger } = context;
      const fetched = await Group.query(trx)
        .where('fuzz_groups.id', '>=', step.from)
        .orderBy('fuzz_groups.id')
        .limit(4)
        .modify((query) =>
          step.die % 2 ? query.withGraphFetched('pupils') : query.withGraphJoined('pupils'),
        );
      ledger.see(
        step.kind,
        tenant,
        fetched.flatMap((group) => [group, ...group.pupils]),
      );
      const related = await fetched[0]?.$relatedQuery<Pupil>('pupils', trx);
      ledger.see(step.kind, tenant, related ?? []);
    }),
  savepoint: (context) => {
    const [kept = '', lost] = context.step.ids;
    return write(context, [kept], async (trx) => {
      await trx
        .transaction(async (savepoint) => {
          await insert(context, savepoint as unknown as TenantTrx, lost ? [lost] : [kept]);
          throw new Undo();
        })
        .catch((error: unknown) => {
          if (!(error instanceof Undo)) throw error;
        });
      if (lost) context.ledger.wrote(context.tenant, [lost], 'undone');
      await insert(context, trx, [kept]);
      await lookAround(context, trx);
    });
  },
  rollback: (context) =>
    write(context, context.step.ids, async (trx) => {
      await insert(context, trx, context.step.ids);
      throw new Undo();
    }),
  broken: (context) =>
    write(context, context.step.ids, async (trx) => {
      const sent = [insert(context, trx, context.step.ids), trx.raw('SELECT 1/0'), look(context, trx)];
      await mustFail(context, '22012', 'a division by zero', () => together(sent));
      throw new Undo();
    }),
  swallowed: async (context) => {
    const { world, ledger, tenant, step } = context;
    const committed = await world.database.tenancy
      .write(tenant, async ({ trx }) => {
        await insert(context, trx, step.ids);
        await mustFail(context, '22012', 'a division by zero', () => trx.raw('SELECT 1/0'));
      })
      .then(
        () => true,
        (error: unknown) => {
          if (/Rolled back/.test(String(error))) return false;
          throw error;
        },
      );
    if (committed) ledger.loss(`${step.kind}: passed for committed in ${tenant.schemaName}`);
    ledger.wrote(tenant, step.ids, 'undone');
  },
  timeout: (context) =>
    write(context, context.step.ids, async (trx) => {
      await insert(context, trx, context.step.ids);
      await trx.raw(`SET LOCAL statement_timeout='3ms'`);
      await mustFail(context, '57014', 'a slow statement', () => trx.raw('SELECT pg_sleep(1)'));
      context.ledger.count('time-outs');
      throw new Undo();
    }),
  'row lock': (context) =>
    write(context, [], async (trx) => {
      await trx.raw(`SET LOCAL lock_timeout='10ms'`);
      const { rows } = await trx.raw('UPDATE fuzz_counter SET n = n + 1 RETURNING mark, role, setting');
      context.ledger.see(context.step.kind, context.tenant, rows as Watermark[]);
    }),
  'no role': (context) => {
    const gone = { id: context.tenant.id, schemaName: 't_0000000000000000' };
    return mustFail(context, '22023', 'a school that is gone', () =>
      context.world.database.tenancy[context.step.die % 2 ? 'read' : 'write'](gone, ({ trx }) =>
        trx.raw('SELECT 1'),
      ),
    );
  },
  trespass: (context) =>
    mustFail(context, '42501', `reading ${context.other.ref.schemaName}`, () =>
      context.world.database.tenancy.read(context.tenant, ({ trx }) =>
        trx.raw(`SELECT mark FROM ${context.other.ref.schemaName}.fuzz_pupils LIMIT 1`),
      ),
    ),
  // Outside any transaction of a school: whatever a connection still carries shows here.
  bare: async (context) => {
    const { world, ledger, step, tenant } = context;
    const { rows } = await world.database.knex.raw(`SELECT ${IDENTITY}`);
    const [{ mark, role, place }] = rows;
    // `public` is what PostgreSQL gives a connection of its own accord, and nothing of it may be read.
    if (role !== 'preau' || mark || place !== 'public')
      ledger.leak(`${step.kind}: a connection carries ${role}, ${place}, ${mark}`);
    const sql =
      step.die % 2
        ? { code: '42P01', text: 'SELECT mark FROM fuzz_pupils LIMIT 1' }
        : { code: '42501', text: `SELECT mark FROM ${tenant.schemaName}.fuzz_pupils LIMIT 1` };
    await mustFail(context, sql.code, sql.text, () => world.database.knex.raw(sql.text));
  },
  central: (context) =>
    context.world.database.tenancy.central(async ({ trx }) => {
      const { rows } = await trx.raw(
        `SELECT ${IDENTITY}, (SELECT count(*)::int FROM public.tenants) AS schools`,
      );
      const [{ mark, role, place, schools }] = rows;
      if (role !== 'preau' || mark || place !== 'extensions')
        context.ledger.leak(`central: a connection carries ${role}, ${place}, ${mark}`);
      if (schools < context.world.schools.length) context.ledger.leak(`central: ${schools} schools are seen`);
    }),
  'for each': async (context) => {
    const { world, ledger, school, other, step } = context;
    const refs = [school.ref, other.ref];
    const failures = await world.database.tenancy.forEach(
      refs,
      async ({ trx, tenant }) => {
        const one = { ...context, tenant };
        await together([look(one, trx), lookAround(one, trx)]);
        if (step.die % 5 === 0 && tenant === other.ref) throw new Undo();
      },
      { concurrency: 2 },
    );
    ledger.count('rounds');
    for (const { error } of failures) if (!(error instanceof Undo)) throw error;
  },
  'http list': (context) => http(context, 'GET'),
  'http write': (context) => http(context, 'POST', { title: context.tenant.id, body: context.step.from }),
  ...FAULTS,
};
