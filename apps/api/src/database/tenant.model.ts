import { Model, type QueryBuilderType } from 'objection';
import type { TenantTrx } from '@preau/tenancy';

type ModelClass<M extends Model> = new () => M;

/**
 * Base of models that live in a tenant's schema. `query` takes a tenant transaction and nothing else: `Post.query()` and
 * `Post.query(knex)` do not compile. It is not checked at run time too, because Objection calls it for relations itself.
 */
export class TenantModel extends Model {
  static override query<M extends Model>(this: ModelClass<M>, trx: TenantTrx): QueryBuilderType<M> {
    return super.query.call(this, trx) as QueryBuilderType<M>;
  }
}
