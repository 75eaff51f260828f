import { TenantModel } from '../../database/tenant.model.ts';

/** News of a school. */
export class Announcement extends TenantModel {
  static override tableName = 'announcements';
  declare id: string;
  declare title: string;
  declare body: string;
  declare pinned: boolean;
  declare author_id: string | null;
  declare author_name: string;
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}
