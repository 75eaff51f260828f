import type { MessagingSettings } from '@preau/contracts/messaging';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import { TenantModel } from '../../database/tenant.model.ts';

/** What members, or a group, say to each other. */
export class Conversation extends TenantModel {
  static override tableName = 'conversations';
  declare id: string;
  declare subject: string | null;
  declare group_id: string | null;
  declare replies: boolean;
  declare pair: string | null;
  declare created_by: string;
  declare created_at: Date;
  declare last_message_at: Date;
}

/** Somebody in a conversation, or what somebody of its group has read. */
export class ConversationPerson extends TenantModel {
  static override tableName = 'conversation_people';
  static override idColumn = ['conversation_id', 'user_id'];
  declare conversation_id: string;
  declare user_id: string;
  declare full_name: string;
  declare role: SchoolRole;
  declare invited: boolean;
  declare added_at: Date;
  declare read_at: Date | null;
}

export class Message extends TenantModel {
  static override tableName = 'messages';
  declare id: string;
  declare conversation_id: string;
  declare author_id: string;
  declare author_name: string;
  declare body: string | null;
  /** While a report of it waits: its text and files are still there, for whoever deals with that. */
  declare taken_back_at: Date | null;
  declare client_id: string | null;
  declare created_at: Date;
}

/** A file of a message; the media feature has what it is. */
export class MessageFile extends TenantModel {
  static override tableName = 'message_files';
  static override idColumn = 'media_id';
  declare media_id: string;
  declare message_id: string;
  declare position: number;
}

/** A message that somebody shows to the administrators. */
export class MessageReport extends TenantModel {
  static override tableName = 'message_reports';
  declare id: string;
  declare message_id: string;
  declare reporter_id: string;
  declare reporter_name: string;
  declare reason: string;
  declare created_at: Date;
  declare resolved_at: Date | null;
}

/** One row where the school has decided; none where it has not. */
export class MessagingChoice extends TenantModel {
  static override tableName = 'messaging_settings';
  static override get jsonAttributes(): string[] {
    return ['pairs'];
  }
  declare id: number;
  declare pairs: MessagingSettings['pairs'];
  declare retention_days: number;
}
