import { Model, type QueryBuilderType } from 'objection';
import type { CentralTrx } from '@preau/tenancy';

type ModelClass<M extends Model> = new () => M;

/** Base of models on shared tables. Table names start with `public.`, which is off every search path. */
export class CentralModel extends Model {
  static override query<M extends Model>(this: ModelClass<M>, trx: CentralTrx): QueryBuilderType<M> {
    return super.query.call(this, trx) as QueryBuilderType<M>;
  }
}
