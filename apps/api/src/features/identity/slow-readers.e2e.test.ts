import type { CentralScope, Tenancy } from '@preau/tenancy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { superadmin } from '../../../test/support/clients.ts';
import { createTestApp, type TestApp } from '../../../test/support/harness.ts';
import { OPERATOR } from '../audit/index.ts';
import { createApiKeyService } from '../api-keys/index.ts';
import { createSessionService } from './session.service.ts';

let t: TestApp;
beforeAll(async () => {
  t = await createTestApp();
});
afterAll(() => t.close());

/** A tenancy whose first read has its rows, and is kept from handing them over until it is let go. */
function holdFirstRead(tenancy: Tenancy) {
  const read = Promise.withResolvers<void>();
  const letGo = Promise.withResolvers<void>();
  let first = true;
  const held: Tenancy = {
    ...tenancy,
    async central<R>(fn: (scope: CentralScope) => Promise<R>, options?: { readOnly?: boolean }) {
      const answer = await tenancy.central(fn, options);
      if (!first) return answer;
      first = false;
      read.resolve();
      await letGo.promise;
      return answer;
    },
  };
  return { held, read: read.promise, letGo: letGo.resolve };
}

describe('a reader that was slower than the change', () => {
  it('does not bring an ended session back', async () => {
    const admin = await superadmin(t);
    const token = admin.headers['cookie']?.split('=')[1] ?? '';
    const { held, read, letGo } = holdFirstRead(t.services.tenancy);
    const elsewhere = createSessionService({ tenancy: held });
    const slow = elsewhere.authenticate(token);
    await read;
    const [row] = await t.sql<{ id: string }>('SELECT id FROM public.sessions ORDER BY created_at DESC');
    await t.services.sessions.logOut(token, OPERATOR);
    elsewhere.forget(row?.id ?? '');
    letGo();
    expect(await slow).toMatchObject({ sessionId: row?.id });
    expect(await elsewhere.authenticate(token)).toBeNull();
  });

  it('does not bring a revoked key back', async () => {
    const { row, key } = await t.services.apiKeys.create(OPERATOR, { name: 'x', scopes: ['tenants:read'] });
    const { held, read, letGo } = holdFirstRead(t.services.tenancy);
    const elsewhere = createApiKeyService({ tenancy: held });
    const slow = elsewhere.authenticate(key, OPERATOR);
    await read;
    await t.services.apiKeys.revoke(OPERATOR, row.id);
    elsewhere.forget(row.prefix);
    letGo();
    expect(await slow).toMatchObject({ id: row.id });
    await expect(elsewhere.authenticate(key, OPERATOR)).rejects.toMatchObject({ code: 'invalid_api_key' });
  });
});
