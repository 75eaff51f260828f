import * as contracts from '@preau/contracts/api-keys';
import type { Permission } from '@preau/contracts/permissions';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { presentKey } from './api-key.presenter.ts';

export const apiKeyRoutes = ({ apiKeys }: Services): BoundRoute[] => [
  bind(contracts.listPlatformKeys, async () => {
    const rows = await apiKeys.list();
    return { count: rows.length, next: null, previous: null, results: rows.map(presentKey) };
  }),
  bind(contracts.createPlatformKey, async ({ body, origin }) => {
    const { row, key, secret } = await apiKeys.create(origin, {
      name: body.name.trim(),
      scopes: body.scopes as Permission[],
      expiresAt: body.expires_at ? new Date(body.expires_at) : null,
    });
    return { ...presentKey(row), key, secret };
  }),
  bind(contracts.revokePlatformKey, async ({ params, origin }) => {
    await apiKeys.revoke(origin, params.id);
    return undefined;
  }),
];
