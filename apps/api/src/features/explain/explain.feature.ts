import { explainTenant } from '@preau/contracts/explain';
import { bind, defineFeature } from '../define-feature.ts';
import { explainCommands } from './explain.commands.ts';
import { presentExplanation } from './explain.presenter.ts';

/** Why a request is answered as it is. */
export const explainFeature = defineFeature({
  name: 'explain',
  routes: ({ explain }) => [
    bind(explainTenant, async ({ params, query, language }) =>
      presentExplanation(await explain.ask({ tenantId: params.id, ...query }), language),
    ),
  ],
  commands: explainCommands,
});
