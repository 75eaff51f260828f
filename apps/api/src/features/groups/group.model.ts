import { TenantModel } from '../../database/tenant.model.ts';

/** A group of a school's members. */
export class Group extends TenantModel {
  static override tableName = 'groups';
  declare id: string;
  declare name: string;
  declare description: string;
  declare source: string | null;
  declare source_id: string | null;
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}

/** Somebody in a group; counts while they have been a member of the school without a break. */
export class GroupMember extends TenantModel {
  static override tableName = 'group_members';
  static override idColumn = ['group_id', 'user_id'];
  declare group_id: string;
  declare user_id: string;
  declare added_at: Date;
}
