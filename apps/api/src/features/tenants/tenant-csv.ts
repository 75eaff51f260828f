import { stringify } from 'csv-stringify/sync';
import { presentTenant, type PublicBase } from './tenant.presenter.ts';
import type { TenantDetail } from './tenant.read-model.ts';

/**
 * Schools as CSV, one line each, with the names of the API; the mark in front is the one by which spreadsheets know the
 * encoding. A cell that a spreadsheet would reckon as a formula is made a text: names are anybody's words.
 */
export function tenantsAsCsv(details: readonly TenantDetail[], base: PublicBase): string {
  const lines = details.map((detail) => {
    const { school, network, modules_enabled: modules, ...tenant } = presentTenant(detail, base);
    return {
      id: tenant.id,
      ...school,
      subdomain: tenant.subdomain,
      domain_url: tenant.domain_url,
      status: tenant.status,
      network: network?.subdomain ?? '',
      student_count: tenant.student_count,
      max_students: tenant.max_students,
      storage_usage_gb: tenant.storage_usage_gb,
      max_storage_gb: tenant.max_storage_gb,
      modules: Object.keys(modules)
        .filter((key) => modules[key])
        .join(' '),
      paid_until: tenant.paid_until,
      created_on: tenant.created_on,
      last_accessed_at: tenant.last_accessed_at,
    };
  });
  return stringify(lines, { header: true, bom: true, escape_formulas: true });
}
