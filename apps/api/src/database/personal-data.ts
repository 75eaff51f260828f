/**
 * What tells of people, column by column: of every table of a school, and of the shared ones that an archive carries. A copy with
 * inventions replaces what is named here, each kind in its way; `no` says that somebody has looked and found nothing personal.
 * A column of text, of JSON, of bytes, or with the id of a person that is in neither list stops the tests.
 *
 * - `name`, `email`, `phone`, `address`: an invention, the same for the same value everywhere
 * - `person`: id of an account; the same invented id everywhere
 * - `text`: what somebody wrote, where anything may be said; words without sense, as many
 * - `file_name`: a name that keeps its ending
 * - `emptied`: null, or nothing
 */
export type PersonalKind =
  | 'name'
  | 'email'
  | 'phone'
  | 'address'
  | 'person'
  | 'text'
  | 'file_name'
  | 'emptied';

export const PERSONAL_DATA: Readonly<Record<string, Readonly<Record<string, PersonalKind | 'no'>>>> = {
  announcements: {
    title: 'text',
    body: 'text',
    author_id: 'person',
    author_name: 'name',
    status: 'no',
    audience_roles: 'no',
    audience_groups: 'no',
    note: 'text',
  },
  announcement_reads: { user_id: 'person' },
  conversations: { subject: 'text', pair: 'emptied', created_by: 'person' },
  conversation_people: { user_id: 'person', full_name: 'name', role: 'no' },
  messages: { author_id: 'person', author_name: 'name', body: 'text', client_id: 'no' },
  message_reports: { reporter_id: 'person', reporter_name: 'name', reason: 'text' },
  messaging_settings: { pairs: 'no' },
  groups: { name: 'no', description: 'text', source: 'no', source_id: 'no' },
  group_members: { user_id: 'person' },
  events: {
    title: 'text',
    description: 'text',
    place: 'text',
    local_start: 'no',
    local_end: 'no',
    time_zone: 'no',
    recurrence: 'no',
    visibility: 'no',
    audience_roles: 'no',
    audience_groups: 'no',
    tags: 'no',
    author_id: 'person',
    author_name: 'name',
  },
  event_exceptions: { title: 'text', description: 'text', place: 'text', local_start: 'no', local_end: 'no' },
  media_files: {
    folder: 'no',
    purpose: 'no',
    kept_by: 'no',
    name: 'file_name',
    alt: 'text',
    media_type: 'no',
    sha256: 'no',
    storage_key: 'no',
    uploader_id: 'person',
    uploader_name: 'name',
  },
  notification_choices: { user_id: 'person', kind: 'no' },
  notifications: { user_id: 'person', kind: 'no', subject: 'emptied', data: 'emptied' },
  media_variants: { variant: 'no', format: 'no', storage_key: 'no' },
  school_years: { name: 'no' },
  classes: { name: 'no', level: 'no', group_id: 'no' },
  students: {
    external_id: 'emptied',
    last_name: 'name',
    first_name: 'name',
    email: 'email',
    phone: 'phone',
    address: 'address',
    status: 'no',
  },
  guardians: { last_name: 'name', first_name: 'name', email: 'email', phone: 'phone', address: 'address' },
  guardianships: { relation: 'no' },
  staff_records: {
    last_name: 'name',
    first_name: 'name',
    email: 'email',
    phone: 'phone',
    job: 'no',
    subject: 'no',
  },
  student_imports: {
    file_name: 'file_name',
    status: 'no',
    encoding: 'no',
    delimiter: 'no',
    ignored_columns: 'no',
    new_classes: 'no',
    author_id: 'person',
    author_name: 'name',
  },
  student_import_lines: {
    name: 'name',
    cells: 'emptied',
    planned: 'no',
    changes: 'no',
    outcome: 'no',
    student_id: 'no',
    problems: 'emptied',
  },
};
