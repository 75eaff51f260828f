import type { EventVisibility, SchoolRole } from '@preau/contracts/vocabulary';
import { TenantModel } from '../../database/tenant.model.ts';

/** Something that happens, once or in a series. */
export class SchoolEvent extends TenantModel {
  static override tableName = 'events';
  declare id: string;
  declare title: string;
  declare description: string;
  declare place: string;
  declare all_day: boolean;
  /** `YYYY-MM-DDTHH:MM:SS` of the clock of `time_zone`. */
  declare local_start: string;
  declare local_end: string;
  declare time_zone: string;
  /** RRULE, spelled as `readRule` does. */
  declare recurrence: string | null;
  declare visibility: EventVisibility;
  declare audience_roles: SchoolRole[];
  declare audience_groups: string[];
  declare tags: string[];
  declare author_id: string | null;
  declare author_name: string;
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}

/** What one day of a series has of its own. */
export class EventExceptionRow extends TenantModel {
  static override tableName = 'event_exceptions';
  static override idColumn = ['event_id', 'day'];
  declare event_id: string;
  declare day: string;
  declare cancelled: boolean;
  declare title: string | null;
  declare description: string | null;
  declare place: string | null;
  declare all_day: boolean | null;
  declare local_start: string | null;
  declare local_end: string | null;
}

/** The instants of an event, and the days they touch: made of it, and written with it. */
export class EventOccurrence extends TenantModel {
  static override tableName = 'event_occurrences';
  static override idColumn = ['event_id', 'day'];
  declare event_id: string;
  declare day: string;
  declare starts_at: Date;
  declare ends_at: Date;
  declare starts_on: string;
  declare ends_on: string;
}
