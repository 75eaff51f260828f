import { getInstallation } from '@preau/contracts/installation';
import { isLocal } from '../../config.ts';
import { bind, defineFeature } from '../define-feature.ts';

/** What is a matter of the whole installation, for the console's settings. */
export const installationFeature = defineFeature({
  name: 'installation',
  routes: ({ base, origins }) => [
    bind(getInstallation, async () => ({
      base_domain: base.domain,
      second_factor_demanded: !isLocal(base.domain),
      variables: origins.map(({ name, value, origin }) => ({ name, value, origin })),
    })),
  ],
});
