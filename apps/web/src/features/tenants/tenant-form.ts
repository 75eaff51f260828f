import { defaultModules } from '@preau/contracts/module-rules';
import { MODULES } from '@preau/contracts/modules';
import type { Tenant, TenantCreate, TenantPatch } from '@preau/contracts/tenants';
import {
  DEFAULT_MAX_STORAGE_GB,
  DEFAULT_MAX_STUDENTS,
  DEFAULT_PRIMARY_COLOR,
  DEFAULT_SECONDARY_COLOR,
  type SchoolType,
} from '@preau/contracts/vocabulary';
import { isHexColour } from '@preau/theme';
import { labelsOf } from '../../shared/forms/use-form.ts';

/** What the form holds: text as typed, so that nothing is lost while it is not yet acceptable. */
export interface TenantValues {
  school_name: string;
  school_type: SchoolType;
  subdomain: string;
  email: string;
  phone: string;
  address: string;
  postal_code: string;
  city: string;
  website: string;
  uai: string;
  /** Id of a network; empty for none. */
  network: string;
  paid_until: string;
  primary_color: string;
  secondary_color: string;
  max_students: string | number;
  max_storage_gb: string | number;
  modules_enabled: Record<string, boolean>;
  provision_now: boolean;
}

export const IDENTITY_FIELDS = [
  'school_name',
  'school_type',
  'uai',
  'email',
  'phone',
  'website',
  'address',
  'postal_code',
  'city',
  'network',
] as const;
export const FORM_FIELDS = [
  ...IDENTITY_FIELDS,
  'subdomain',
  'primary_color',
  'secondary_color',
  'modules_enabled',
  'max_students',
  'max_storage_gb',
  'paid_until',
  'provision_now',
] as const;
export const REQUIRED_FIELDS = [
  'school_name',
  'email',
  'phone',
  'address',
  'postal_code',
  'city',
  'subdomain',
  'primary_color',
  'secondary_color',
  'max_students',
  'max_storage_gb',
] as const;
export const LABELS: Readonly<Record<string, string>> = {
  ...labelsOf('tenant', FORM_FIELDS),
  primary_color: 'branding.primary_color',
  secondary_color: 'branding.secondary_color',
  modules_enabled: 'tenant.section.modules',
};
/** Refusals that are about one field though they come without `errors[]`. */
export const FIELD_OF_CODE = {
  subdomain_taken: 'subdomain',
  uai_taken: 'uai',
  unknown_module: 'modules_enabled',
  module_dependency: 'modules_enabled',
} as const;

export function blankTenant(): TenantValues {
  return {
    school_name: '',
    school_type: 'lycee',
    subdomain: '',
    email: '',
    phone: '',
    address: '',
    postal_code: '',
    city: '',
    website: '',
    uai: '',
    network: '',
    paid_until: '',
    primary_color: DEFAULT_PRIMARY_COLOR,
    secondary_color: DEFAULT_SECONDARY_COLOR,
    max_students: DEFAULT_MAX_STUDENTS,
    max_storage_gb: DEFAULT_MAX_STORAGE_GB,
    modules_enabled: defaultModules(MODULES, 'lycee'),
    provision_now: true,
  };
}

export function valuesOf(tenant: Tenant): TenantValues {
  const { school } = tenant;
  return {
    ...blankTenant(),
    ...school,
    school_name: school.name,
    website: school.website ?? '',
    uai: school.uai ?? '',
    subdomain: tenant.subdomain,
    network: tenant.network?.id ?? '',
    paid_until: tenant.paid_until ?? '',
    primary_color: tenant.primary_color,
    secondary_color: tenant.secondary_color,
    max_students: tenant.max_students,
    max_storage_gb: tenant.max_storage_gb,
    modules_enabled: tenant.modules_enabled,
  };
}

// An empty field is null: with a PATCH, a field left out would keep its old value.
const orNull = (text: string): string | null => text.trim() || null;
// Not a number stays what was typed: the API then says what it expects.
const asNumber = (typed: string | number): number =>
  Number.isNaN(Number(typed)) ? (typed as never) : Number(typed);

function description(values: TenantValues): Omit<TenantCreate, 'provision_now' | 'modules_enabled'> {
  return {
    school_name: values.school_name.trim(),
    school_type: values.school_type,
    subdomain: values.subdomain.trim().toLowerCase(),
    email: values.email.trim(),
    phone: values.phone.trim(),
    address: values.address.trim(),
    postal_code: values.postal_code.trim(),
    city: values.city.trim(),
    website: orNull(values.website),
    uai: orNull(values.uai),
    network: orNull(values.network),
    paid_until: orNull(values.paid_until),
    primary_color: values.primary_color.trim(),
    secondary_color: values.secondary_color.trim(),
    max_students: asNumber(values.max_students),
    max_storage_gb: asNumber(values.max_storage_gb),
  };
}

export function toCreate(values: TenantValues): TenantCreate {
  return {
    ...description(values),
    modules_enabled: values.modules_enabled,
    provision_now: values.provision_now,
  };
}

/** Only what differs from the school as it was read; undefined when nothing does. */
export function toPatch(values: TenantValues, tenant: Tenant): TenantPatch | undefined {
  const before = description(valuesOf(tenant));
  const after = description(values);
  const changed = Object.entries(after).filter(
    ([key, value]) => value !== before[key as keyof typeof before],
  );
  return changed.length > 0 ? (Object.fromEntries(changed) as TenantPatch) : undefined;
}

const isUrl = (text: string): boolean => /^https?:\/\/[^/\s]/i.test(text) && URL.canParse(text);
const isCount = (text: string): boolean => /^[1-9]\d*$/.test(text);
/** What a value must look like at least: never stricter than the API, which has the last word. */
const SHAPES = {
  email: (text: string) => /^[^\s@]+@[^\s@]+$/.test(text),
  phone: (text: string) => text.replace(/\D/g, '').length >= 6,
  website: isUrl,
  uai: (text: string) => /^\d{7}[a-z]$/i.test(text),
  primary_color: isHexColour,
  secondary_color: isHexColour,
  max_students: isCount,
  max_storage_gb: isCount,
};
type Shaped = keyof typeof SHAPES;

/** Fields that are filled in and cannot be right: better told at their step than at the end. */
export function misshapen(values: TenantValues): Shaped[] {
  return (Object.keys(SHAPES) as Shaped[]).filter((field) => {
    const text = String(values[field]).trim();
    return text !== '' && !SHAPES[field](text);
  });
}
