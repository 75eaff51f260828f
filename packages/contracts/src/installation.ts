import { Type, type Static } from 'typebox';
import { defineRoute } from './define-route.ts';

/** What an installation was started with. */
export const Installation = Type.Object({
  base_domain: Type.String(),
  second_factor_demanded: Type.Boolean({
    description: 'Of super-admins: everywhere but on localhost, where the installation is one person’s own',
  }),
  variables: Type.Array(
    Type.Object({
      name: Type.String(),
      value: Type.String({ description: 'Secrets are hidden; empty when there is none' }),
      origin: Type.Enum(['environment', 'default']),
    }),
    { description: 'As `preau doctor` prints them' },
  ),
});
export type Installation = Static<typeof Installation>;

export const getInstallation = defineRoute({
  zone: 'platform',
  tag: 'installation',
  name: 'getInstallation',
  method: 'GET',
  path: '/installation/',
  permission: 'installation:read',
  summary: 'What the installation was started with, secrets hidden',
  success: { status: 200, schema: Installation },
});
