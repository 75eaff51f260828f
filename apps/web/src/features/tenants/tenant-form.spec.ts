import { DEFAULT_SETTINGS } from '@preau/contracts/tenant-settings';
import type { Tenant } from '@preau/contracts/tenants';
import { expect, test } from 'vitest';
import { blankTenant, misshapen, toCreate, toPatch, valuesOf } from './tenant-form.ts';

const tenant = {
  id: 't',
  subdomain: 'lycee-hugo',
  version: 3,
  primary_color: '#1976D2',
  secondary_color: '#424242',
  max_students: 1000,
  max_storage_gb: 50,
  paid_until: null,
  network: null,
  modules_enabled: {},
  settings: DEFAULT_SETTINGS,
  school: {
    name: 'Lycée Victor Hugo',
    school_type: 'lycee',
    email: 'a@b.fr',
    phone: '+33123456789',
    address: '1 rue',
    postal_code: '75001',
    city: 'Paris',
    website: 'https://hugo.fr',
    uai: '0750655E',
  },
} as unknown as Tenant;

test('an untouched form changes nothing', () => {
  expect(toPatch(valuesOf(tenant), tenant)).toBeUndefined();
});

test('only what was changed is sent, and an emptied field as null', () => {
  const values = { ...valuesOf(tenant), city: ' Lyon ', website: '  ', max_students: '1200' };
  expect(toPatch(values, tenant)).toEqual({ city: 'Lyon', website: null, max_students: 1200 });
});

test('a new school sends its subdomain folded and its figures as numbers', () => {
  const body = toCreate({
    ...blankTenant(),
    school_name: ' Lycée ',
    subdomain: 'Lycee-HUGO',
    max_storage_gb: '20',
  });
  expect(body).toMatchObject({
    school_name: 'Lycée',
    subdomain: 'lycee-hugo',
    max_storage_gb: 20,
    uai: null,
  });
});

test('what is no number is left for the API to refuse', () => {
  expect(toCreate({ ...blankTenant(), max_students: 'beaucoup' }).max_students).toBe('beaucoup');
});

test('what cannot be right is told at its step, what may be is left to the API', () => {
  const typed = {
    ...blankTenant(),
    email: 'contact',
    phone: '12',
    website: 'hugo.fr',
    uai: '075',
    primary_color: 'bleu',
    max_students: '0',
  };
  expect(misshapen(typed)).toEqual(['email', 'phone', 'website', 'uai', 'primary_color', 'max_students']);
  expect(misshapen({ ...valuesOf(tenant), phone: '01.23.45.67.89' })).toEqual([]);
  expect(misshapen(blankTenant())).toEqual([]);
});
