import type { Tenant } from '@preau/contracts/tenants';
import { BYTES_PER_GB } from '@preau/contracts/units';
import type { Column } from '@preau/ui';
import { computed, type ComputedRef, type WritableComputedRef } from 'vue';
import { useI18n } from 'vue-i18n';
import { useFormat } from '../../shared/format.ts';
import { useKept } from '../../shared/kept.ts';
import { useSession } from '../identity/index.ts';

/** Columns besides the name, in the order of the screen. */
export const CHOICES = [
  'domain_url',
  'status',
  'school_type',
  'city',
  'uai',
  'network',
  'student_count',
  'storage',
  'created_on',
  'last_accessed_at',
  'paid_until',
] as const;
export type ColumnKey = (typeof CHOICES)[number];
const DEFAULTS: readonly ColumnKey[] = ['domain_url', 'status', 'school_type', 'student_count', 'created_on'];

const isKey = (value: unknown): value is ColumnKey => CHOICES.includes(value as ColumnKey);

/** The columns of the list of schools, and which of them this person wants to see, in this browser. */
export function useListColumns(): {
  columns: ComputedRef<Column<Tenant>[]>;
  shown: WritableComputedRef<readonly ColumnKey[]>;
  labelOf: (key: ColumnKey) => string;
} {
  const { t } = useI18n();
  const format = useFormat();
  const session = useSession();
  const kept = useKept(`columns:${session.me?.id ?? ''}`, 'browser', (found) =>
    Array.isArray(found) ? found.filter(isKey) : undefined,
  );
  const shown = computed<readonly ColumnKey[]>({
    get: () => kept.value ?? DEFAULTS,
    set: (keys) => (kept.value = CHOICES.filter((key) => keys.includes(key))),
  });

  const day = (iso: string | null) => (iso ? format.date(iso) : '—');
  const LOOKS: Record<ColumnKey, Omit<Column<Tenant>, 'key' | 'label'> & { label: string }> = {
    domain_url: { label: 'schools.address' },
    status: { label: 'schools.status', sortable: true },
    school_type: { label: 'schools.type', text: ({ school }) => t(`school_type.${school.school_type}`) },
    city: { label: 'tenant.city', sortable: true, text: ({ school }) => school.city },
    uai: { label: 'tenant.uai', text: ({ school }) => school.uai ?? '—' },
    network: { label: 'schools.network', text: ({ network }) => network?.name ?? '—' },
    student_count: {
      label: 'schools.students',
      sortable: true,
      align: 'end',
      text: ({ student_count: count }) => format.number(count),
    },
    storage: {
      label: 'tenant.storage',
      align: 'end',
      text: ({ storage_usage_gb: used, max_storage_gb: most }) =>
        t('tenant.of', { used: format.bytes(used * BYTES_PER_GB), limit: format.bytes(most * BYTES_PER_GB) }),
    },
    created_on: { label: 'schools.created', sortable: true, text: (row) => day(row.created_on) },
    last_accessed_at: {
      label: 'tenant.last_accessed_at',
      sortable: true,
      text: (row) => day(row.last_accessed_at),
    },
    paid_until: { label: 'tenant.paid_until', text: (row) => day(row.paid_until) },
  };
  const columns = computed<Column<Tenant>[]>(() => [
    { key: 'school_name', label: t('schools.school'), sortable: true },
    ...shown.value.map((key) => ({ ...LOOKS[key], key, label: t(LOOKS[key].label) })),
  ]);
  return { columns, shown, labelOf: (key) => t(LOOKS[key].label) };
}
