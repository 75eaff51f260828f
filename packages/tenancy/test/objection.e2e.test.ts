import { Model, type QueryBuilderType } from 'objection';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TenantTrx } from '../src/index.ts';
import { createFixture, type Fixture } from './fixture.ts';

class TenantModel extends Model {
  static override query<M extends Model>(this: new () => M, trx: TenantTrx): QueryBuilderType<M> {
    return super.query.call(this, trx) as QueryBuilderType<M>;
  }
}

class Pupil extends TenantModel {
  static override tableName = 'pupils';
  declare id: number;
  declare name: string;
  declare class_id: number;
}

class SchoolClass extends TenantModel {
  static override tableName = 'classes';
  static override relationMappings = {
    pupils: {
      relation: Model.HasManyRelation,
      modelClass: Pupil,
      join: { from: 'classes.id', to: 'pupils.class_id' },
    },
  };
  declare id: number;
  declare name: string;
  declare pupils: Pupil[];
}

let fixture: Fixture;
beforeAll(async () => {
  fixture = await createFixture({ max: 1 });
});
afterAll(() => fixture.close());

describe('Objection inside a tenant transaction', () => {
  it('inserts graphs, fetches eagerly and follows relations in the tenant’s schema alone', async () => {
    const { tenancy, hugo, curie } = fixture;
    await tenancy.write(hugo, async ({ trx }) => {
      await SchoolClass.query(trx).insertGraph({
        id: 2,
        name: '5e hugo',
        pupils: [
          { id: 10, name: 'Ada' },
          { id: 11, name: 'Grace' },
        ],
      } as never);
    });
    const names = (tenant: typeof hugo) =>
      tenancy.read(tenant, async ({ trx }) => {
        const classes = await SchoolClass.query(trx).withGraphFetched('pupils').orderBy('id');
        const joined = await SchoolClass.query(trx).withGraphJoined('pupils').orderBy('classes.id');
        const related = await classes[0]?.$relatedQuery('pupils', trx);
        expect(joined.map(({ name }) => name)).toEqual(classes.map(({ name }) => name));
        return {
          classes: classes.map((entry) => [entry.name, ...entry.pupils.map(({ name }) => name)]),
          related: related?.length,
        };
      });
    await expect(names(hugo)).resolves.toEqual({
      classes: [
        ['6e hugo', 'Pupil of hugo'],
        ['5e hugo', 'Ada', 'Grace'],
      ],
      related: 1,
    });
    await expect(names(curie)).resolves.toEqual({ classes: [['6e curie', 'Pupil of curie']], related: 1 });
  });

  it('rolls a graph back as a whole', async () => {
    const { tenancy, hugo } = fixture;
    const failing = tenancy.write(hugo, async ({ trx }) => {
      await SchoolClass.query(trx).insertGraph({
        id: 3,
        name: '4e',
        pupils: [{ id: 10, name: 'taken' }],
      } as never);
    });
    await expect(failing).rejects.toThrow(/duplicate key/);
    const { rows } = await tenancy.read(hugo, ({ trx }) => trx.raw('SELECT 1 FROM classes WHERE id = 3'));
    expect(rows).toEqual([]);
  });

  it('does not compile without a tenant transaction', () => {
    // The assertions are the compiler's: each line below must be an error, or tsc fails on the unused directive.
    const wrong = () => {
      // @ts-expect-error no transaction
      void SchoolClass.query();
      // @ts-expect-error not a transaction of a tenant
      void SchoolClass.query(fixture.knex);
    };
    expect(wrong).toBeTypeOf('function');
  });
});
