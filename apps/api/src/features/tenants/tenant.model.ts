import type { ModulesEnabled } from '@preau/contracts/modules';
import type { TenantSettings } from '@preau/contracts/tenant-settings';
import type { SchoolType, TenantStatus } from '@preau/contracts/vocabulary';
import { CentralModel } from '../../database/central.model.ts';

export interface Failure {
  step: string;
  reason: string;
  at: string;
}

/** A school, as the platform keeps it. */
export class Tenant extends CentralModel {
  static override tableName = 'public.tenants';
  static override jsonAttributes = ['modules_enabled', 'settings', 'failure'];
  declare id: string;
  declare schema_name: string;
  declare subdomain: string;
  declare status: TenantStatus;
  declare name: string;
  declare school_type: SchoolType;
  declare email: string;
  declare phone: string;
  declare address: string;
  declare postal_code: string;
  declare city: string;
  declare website: string | null;
  declare uai: string | null;
  declare primary_color: string;
  declare secondary_color: string;
  declare logo_url: string | null;
  declare favicon_url: string | null;
  declare max_students: number;
  declare max_storage_gb: number;
  declare modules_enabled: ModulesEnabled;
  declare settings: TenantSettings;
  declare network_id: string | null;
  declare paid_until: string | null;
  declare inactive_since: Date | null;
  declare inactive_reason: string | null;
  declare status_before_archive: TenantStatus | null;
  declare failure: Failure | null;
  /** Lineage of the key that entered it. */
  declare entered_by_key: string | null;
  declare created_on: Date;
  declare provisioned_at: Date | null;
  declare last_accessed_at: Date | null;
  declare purge_at: Date | null;
  declare search_text: string;
  declare version: number;
}
