import type { BundleCause, BundleKind } from '@preau/contracts/vocabulary';
import { CentralModel } from '../../database/central.model.ts';

/** An archive of a school, as the platform keeps count of it. Numbers of 64 bits come as texts. */
export class Bundle extends CentralModel {
  static override tableName = 'public.bundles';
  declare id: string;
  declare tenant_id: string;
  declare school_name: string;
  declare subdomain: string;
  declare kind: BundleKind;
  declare cause: BundleCause;
  declare status: 'running' | 'done' | 'failed';
  declare storage_key: string;
  declare encrypted: boolean;
  declare bytes: string | null;
  declare checksum: string | null;
  declare schema_version: string | null;
  declare row_count: string | null;
  declare file_count: string | null;
  declare file_bytes: string | null;
  declare made_by: string;
  declare failure: string | null;
  declare created_at: Date;
  declare finished_at: Date | null;
  declare verified_at: Date | null;
  declare drilled_at: Date | null;
  declare keep_until: Date | null;
}

/** A school on its way back in. */
export class BundleRestore extends CentralModel {
  static override tableName = 'public.bundle_restores';
  static override idColumn = 'job_id';
  declare job_id: string;
  declare bundle_id: string;
  declare tenant_id: string;
  /** Made aside. */
  declare schema_name: string;
  /** Whose place it takes; null for a school that had none. */
  declare replaces: string | null;
  declare swapped_at: Date | null;
  declare created_at: Date;
}
