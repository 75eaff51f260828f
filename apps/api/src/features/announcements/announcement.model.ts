import type { AnnouncementStatus, SchoolRole } from '@preau/contracts/vocabulary';
import { TenantModel } from '../../database/tenant.model.ts';

/** News of a school. */
export class Announcement extends TenantModel {
  static override tableName = 'announcements';
  declare id: string;
  declare title: string;
  /** Markdown. */
  declare body: string;
  declare pinned: boolean;
  declare status: AnnouncementStatus;
  /** When its author wants it to appear; null: at once. */
  declare publish_at: Date | null;
  declare published_at: Date | null;
  declare expires_at: Date | null;
  declare public: boolean;
  declare audience_roles: SchoolRole[];
  declare audience_groups: string[];
  /** A word of whoever sent it back. */
  declare note: string | null;
  declare author_id: string | null;
  declare author_name: string;
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}

/** A file that goes with an announcement. */
export class AnnouncementFile extends TenantModel {
  static override tableName = 'announcement_files';
  static override idColumn = ['announcement_id', 'media_id'];
  declare announcement_id: string;
  declare media_id: string;
  declare position: number;
}

/** That somebody has read an announcement. */
export class AnnouncementRead extends TenantModel {
  static override tableName = 'announcement_reads';
  static override idColumn = ['announcement_id', 'user_id'];
  declare announcement_id: string;
  declare user_id: string;
  declare read_at: Date;
}
