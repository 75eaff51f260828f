import { getOverview } from '@preau/contracts/overview';
import { bind, defineFeature } from '../define-feature.ts';
import { readOverview } from './overview.read-model.ts';

/** The whole installation at a glance, for whoever looks after it. */
export const overviewFeature = defineFeature({
  name: 'overview',
  routes: ({ tenancy, migrator }) => [
    bind(getOverview, () =>
      tenancy.central(({ trx }) => readOverview(trx, migrator.heads.tenant), { readOnly: true }),
    ),
  ],
});
