import { TenantModel } from '../../database/tenant.model.ts';

/** What one person is told of. */
export class Notification extends TenantModel {
  static override tableName = 'notifications';
  declare id: string;
  declare user_id: string;
  declare kind: string;
  declare subject: string | null;
  declare data: Record<string, unknown> | null;
  declare shown: boolean;
  declare mail_due: boolean;
  declare created_at: Date;
  declare read_at: Date | null;
}

/** How a person wants to be told of a kind, where it is not as the kind itself says. */
export class NotificationChoice extends TenantModel {
  static override tableName = 'notification_choices';
  static override idColumn = ['user_id', 'kind'];
  declare user_id: string;
  declare kind: string;
  declare in_app: boolean;
  declare mail: boolean;
}
