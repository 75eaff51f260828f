import { TENANT_STATUSES, type TenantStatus } from '@preau/contracts/vocabulary';
import { expect, test } from 'vitest';
import { actionsFor } from './tenant-actions.ts';

const after = (status: TenantStatus, provisioned = true) =>
  actionsFor({ status, provisioned_at: provisioned ? '2026-11-21T00:00:00Z' : null });

test('a school is closed when open and opened when closed', () => {
  expect(after('active')[0]).toBe('deactivate');
  expect(after('inactive')[0]).toBe('activate');
});

test('a school that has no space yet can be given one, and has nobody to invite', () => {
  expect(after('pending', false)).toEqual(['provision', 'archive', 'purge']);
  expect(after('failed', false)).toEqual(['provision', 'archive', 'purge']);
});

test('an archived school is restored or erased', () => {
  expect(after('archived')).toEqual(['restore', 'purge']);
});

test('nothing is offered while a school is being prepared', () => {
  expect(after('provisioning', false)).toEqual([]);
});

test('erasing is always the last', () => {
  for (const status of TENANT_STATUSES.filter((other) => other !== 'provisioning')) {
    expect(after(status).at(-1), status).toBe('purge');
  }
});
