import * as contracts from '@preau/contracts/api-keys';
import type { Permission } from '@preau/contracts/permissions';
import type { Services } from '../../services.ts';
import type { Origin } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { presentKey, presentMadeKey } from './api-key.presenter.ts';

interface KeyBody {
  name: string;
  scopes: string[];
  expires_at?: string | null;
  allowed_addresses?: string[];
}
interface RotationBody {
  overlap_hours?: number;
  expires_at?: string | null;
}

const dateOf = (text: string | null | undefined): Date | null => (text ? new Date(text) : null);

export const apiKeyRoutes = ({ apiKeys }: Services): BoundRoute[] => {
  async function list(tenantId: string | null) {
    const rows = await apiKeys.list(tenantId);
    return { count: rows.length, next: null, previous: null, results: rows.map(presentKey) };
  }
  const create = async (origin: Origin, tenantId: string | null, body: KeyBody) =>
    presentMadeKey(
      await apiKeys.create(origin, {
        tenantId,
        name: body.name.trim(),
        scopes: body.scopes as Permission[],
        expiresAt: dateOf(body.expires_at),
        allowedAddresses: body.allowed_addresses ?? [],
      }),
    );
  async function rotate(origin: Origin, tenantId: string | null, id: string, body: RotationBody) {
    const made = await apiKeys.rotate(origin, tenantId, id, {
      ...(body.overlap_hours === undefined ? {} : { overlapHours: body.overlap_hours }),
      ...(body.expires_at === undefined ? {} : { expiresAt: dateOf(body.expires_at) }),
    });
    return { ...presentMadeKey(made), previous_expires_at: made.previousExpiresAt.toISOString() };
  }
  async function revoke(origin: Origin, tenantId: string | null, id: string): Promise<undefined> {
    await apiKeys.revoke(origin, id, tenantId);
    return undefined;
  }

  return [
    bind(contracts.listPlatformKeys, () => list(null)),
    bind(contracts.createPlatformKey, ({ body, origin }) => create(origin, null, body)),
    bind(contracts.rotatePlatformKey, ({ params, body, origin }) => rotate(origin, null, params.id, body)),
    bind(contracts.revokePlatformKey, ({ params, origin }) => revoke(origin, null, params.id)),
    bind(contracts.listTenantKeys, ({ params }) => list(params.id)),
    bind(contracts.createTenantKey, ({ params, body, origin }) => create(origin, params.id, body)),
    bind(contracts.rotateTenantKey, ({ params, body, origin }) =>
      rotate(origin, params.id, params.kid, body),
    ),
    bind(contracts.revokeTenantKey, ({ params, origin }) => revoke(origin, params.id, params.kid)),
    bind(contracts.listOwnKeys, (call) => list(schoolOf(call).id)),
    bind(contracts.createOwnKey, (call) => create(call.origin, schoolOf(call).id, call.body)),
    bind(contracts.rotateOwnKey, (call) => rotate(call.origin, schoolOf(call).id, call.params.id, call.body)),
    bind(contracts.revokeOwnKey, (call) => revoke(call.origin, schoolOf(call).id, call.params.id)),
  ];
};
