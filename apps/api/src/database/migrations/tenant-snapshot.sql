-- The ladder of schools as one text, made by `pnpm preau fleet snapshot`. Not to be edited.
-- version 20261121_000321_pictures_of_themes
-- ladder bfa2eb6f2b0338ccee4b1a89ba907cb25a7cc2ed9479bad19c4dcf6b21fe6555
-- text 18d7243469a46510ed24ade9940073934bf1088b94754c9b308755629c26796d
CREATE TABLE announcements (
      id uuid PRIMARY KEY,
      title text NOT NULL,
      body text NOT NULL,
      pinned boolean NOT NULL DEFAULT false,
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX announcements_order_index ON announcements (pinned DESC, created_at DESC, id)
;
CREATE TABLE media_files (
      id uuid PRIMARY KEY,
      folder text NOT NULL,
      -- Shown in the page that visitors see: 'logo' or 'favicon'.
      purpose text,
      name text NOT NULL,
      alt text NOT NULL DEFAULT '',
      media_type text NOT NULL,
      bytes bigint NOT NULL,
      sha256 text NOT NULL,
      width integer,
      height integer,
      storage_key text NOT NULL,
      uploader_id uuid,
      uploader_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      trashed_at timestamptz,
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX media_files_trash_index ON media_files (trashed_at) WHERE trashed_at IS NOT NULL
;
CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL
;
CREATE TABLE media_variants (
      media_id uuid NOT NULL REFERENCES media_files (id),
      variant text NOT NULL,
      format text NOT NULL,
      bytes bigint NOT NULL,
      width integer NOT NULL,
      height integer NOT NULL,
      storage_key text NOT NULL,
      PRIMARY KEY (media_id, variant, format)
    )
;
CREATE TABLE groups (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      description text NOT NULL DEFAULT '',
      -- Who keeps it ('class'), and what it is there.
      source text,
      source_id uuid,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1,
      CHECK ((source IS NULL) = (source_id IS NULL))
    )
;
CREATE UNIQUE INDEX groups_name_key ON groups (lower(name)) WHERE source IS NULL
;
CREATE UNIQUE INDEX groups_source_key ON groups (source, source_id) WHERE source IS NOT NULL
;
CREATE TABLE group_members (
      group_id uuid NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      -- Counts only if later than the membership of the school: who leaves and comes back is in no group of before.
      added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      PRIMARY KEY (group_id, user_id)
    )
;
CREATE INDEX group_members_user_index ON group_members (user_id)
;
CREATE TABLE conversations (
      id uuid PRIMARY KEY,
      subject text,
      -- Everybody who is in the group, as long as they are.
      group_id uuid REFERENCES groups (id) ON DELETE SET NULL,
      replies boolean NOT NULL DEFAULT true,
      -- Both ids of a conversation of two, which is one for ever.
      pair text,
      created_by uuid NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      last_message_at timestamptz NOT NULL DEFAULT now()
    )
;
CREATE UNIQUE INDEX conversations_pair_key ON conversations (pair) WHERE pair IS NOT NULL
;
CREATE INDEX conversations_group_index ON conversations (group_id) WHERE group_id IS NOT NULL
;
CREATE TABLE conversation_people (
      conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      full_name text NOT NULL,
      role text NOT NULL,
      -- False: only what they have read is kept here; they see it as members of the group.
      invited boolean NOT NULL DEFAULT true,
      added_at timestamptz NOT NULL DEFAULT clock_timestamp(),
      read_at timestamptz,
      PRIMARY KEY (conversation_id, user_id)
    )
;
CREATE INDEX conversation_people_user_index ON conversation_people (user_id)
;
CREATE TABLE messages (
      id uuid PRIMARY KEY,
      conversation_id uuid NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
      author_id uuid NOT NULL,
      author_name text NOT NULL,
      body text,
      client_id uuid,
      created_at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
;
CREATE INDEX messages_conversation_index ON messages (conversation_id, id)
;
CREATE INDEX messages_age_index ON messages (created_at)
;
CREATE UNIQUE INDEX messages_client_key ON messages (author_id, client_id) WHERE client_id IS NOT NULL
;
CREATE TABLE message_reports (
      id uuid PRIMARY KEY,
      message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      reporter_id uuid NOT NULL,
      reporter_name text NOT NULL,
      reason text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      resolved_at timestamptz
    )
;
CREATE UNIQUE INDEX message_reports_once_key ON message_reports (message_id, reporter_id)
;
CREATE TABLE messaging_settings (
      id integer PRIMARY KEY CHECK (id = 1),
      pairs jsonb NOT NULL,
      retention_days integer NOT NULL
    )
;
CREATE TABLE events (
      id uuid PRIMARY KEY,
      title text NOT NULL,
      description text NOT NULL DEFAULT '',
      place text NOT NULL DEFAULT '',
      all_day boolean NOT NULL,
      local_start text NOT NULL,
      local_end text NOT NULL,
      time_zone text NOT NULL,
      recurrence text,
      visibility text NOT NULL DEFAULT 'school',
      audience_roles text[] NOT NULL DEFAULT '{}',
      audience_groups uuid[] NOT NULL DEFAULT '{}',
      tags text[] NOT NULL DEFAULT '{}',
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX events_shared_index ON events (id) WHERE visibility <> 'school'
;
CREATE TABLE event_exceptions (
      event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      day date NOT NULL,
      cancelled boolean NOT NULL DEFAULT false,
      title text,
      description text,
      place text,
      all_day boolean,
      local_start text,
      local_end text,
      PRIMARY KEY (event_id, day)
    )
;
CREATE TABLE event_occurrences (
      event_id uuid NOT NULL REFERENCES events (id) ON DELETE CASCADE,
      day date NOT NULL,
      starts_at timestamptz NOT NULL,
      ends_at timestamptz NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      PRIMARY KEY (event_id, day)
    )
;
CREATE INDEX event_occurrences_time_index ON event_occurrences (starts_at, event_id) INCLUDE (ends_at)
;
CREATE TABLE school_years (
      id uuid PRIMARY KEY,
      name text NOT NULL,
      starts_on date NOT NULL,
      ends_on date NOT NULL,
      is_current boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1,
      CHECK (starts_on < ends_on)
    )
;
CREATE UNIQUE INDEX school_years_name_index ON school_years (lower(name))
;
CREATE UNIQUE INDEX school_years_current_index ON school_years (is_current) WHERE is_current
;
CREATE TABLE classes (
      id uuid PRIMARY KEY,
      school_year_id uuid NOT NULL REFERENCES school_years (id),
      name text NOT NULL,
      level text NOT NULL DEFAULT '',
      -- Its group, for audiences; none while groups are not kept.
      group_id uuid,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE UNIQUE INDEX classes_name_index ON classes (school_year_id, lower(name))
;
CREATE TABLE students (
      id uuid PRIMARY KEY,
      -- The national number (INE), or the one of the school's other software.
      external_id text,
      last_name text NOT NULL,
      first_name text NOT NULL,
      birth_date date,
      email text,
      phone text,
      address text,
      status text NOT NULL DEFAULT 'enrolled',
      left_on date,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE UNIQUE INDEX students_external_index ON students (external_id) WHERE external_id IS NOT NULL
;
CREATE INDEX students_birth_index ON students (birth_date)
;
CREATE TABLE guardians (
      id uuid PRIMARY KEY,
      last_name text NOT NULL,
      first_name text NOT NULL,
      email text,
      phone text,
      address text,
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE INDEX guardians_email_index ON guardians (lower(email))
;
CREATE TABLE guardianships (
      student_id uuid NOT NULL REFERENCES students (id),
      guardian_id uuid NOT NULL REFERENCES guardians (id),
      relation text NOT NULL,
      may_be_written_to boolean NOT NULL DEFAULT true,
      may_collect boolean NOT NULL DEFAULT false,
      PRIMARY KEY (student_id, guardian_id)
    )
;
CREATE INDEX guardianships_guardian_index ON guardianships (guardian_id)
;
CREATE TABLE staff_records (
      id uuid PRIMARY KEY,
      last_name text NOT NULL,
      first_name text NOT NULL,
      email text,
      phone text,
      job text NOT NULL,
      subject text NOT NULL DEFAULT '',
      created_at timestamptz NOT NULL DEFAULT now(),
      updated_at timestamptz NOT NULL DEFAULT now(),
      version integer NOT NULL DEFAULT 1
    )
;
CREATE TABLE class_teachers (
      class_id uuid NOT NULL REFERENCES classes (id),
      staff_id uuid NOT NULL REFERENCES staff_records (id),
      is_main boolean NOT NULL DEFAULT false,
      PRIMARY KEY (class_id, staff_id)
    )
;
CREATE INDEX class_teachers_staff_index ON class_teachers (staff_id)
;
CREATE TABLE enrolments (
      student_id uuid NOT NULL REFERENCES students (id),
      school_year_id uuid NOT NULL REFERENCES school_years (id),
      class_id uuid NOT NULL REFERENCES classes (id),
      since date NOT NULL DEFAULT current_date,
      PRIMARY KEY (student_id, school_year_id)
    )
;
CREATE INDEX enrolments_class_index ON enrolments (class_id)
;
CREATE TABLE student_imports (
      id uuid PRIMARY KEY,
      file_name text NOT NULL,
      school_year_id uuid NOT NULL REFERENCES school_years (id),
      status text NOT NULL DEFAULT 'checked',
      encoding text NOT NULL,
      delimiter text NOT NULL,
      ignored_columns text[] NOT NULL DEFAULT '{}',
      new_classes text[] NOT NULL DEFAULT '{}',
      author_id uuid,
      author_name text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      finished_at timestamptz
    )
;
CREATE TABLE student_import_lines (
      import_id uuid NOT NULL REFERENCES student_imports (id),
      line integer NOT NULL,
      name text NOT NULL,
      -- What the file says; emptied once it has been done.
      cells jsonb,
      -- What the check said would happen; what it then came to, once it has.
      planned text NOT NULL,
      changes text[] NOT NULL DEFAULT '{}',
      outcome text,
      student_id uuid,
      problems jsonb DEFAULT '[]',
      PRIMARY KEY (import_id, line)
    )
;
CREATE TABLE notifications (
      id uuid PRIMARY KEY,
      user_id uuid NOT NULL,
      kind text NOT NULL,
      -- What it is about, where a newer one takes the place of an unread one.
      subject text,
      data jsonb,
      -- False: by mail alone, as its reader chose.
      shown boolean NOT NULL DEFAULT true,
      mail_due boolean NOT NULL DEFAULT false,
      created_at timestamptz NOT NULL DEFAULT now(),
      read_at timestamptz
    )
;
CREATE INDEX notifications_list_index ON notifications (user_id, created_at DESC, id DESC)
;
CREATE INDEX notifications_unread_index ON notifications (user_id, kind, subject) WHERE read_at IS NULL
;
CREATE INDEX notifications_mail_index ON notifications (created_at, id) WHERE mail_due
;
CREATE TABLE notification_choices (
      user_id uuid NOT NULL,
      kind text NOT NULL,
      in_app boolean NOT NULL,
      mail boolean NOT NULL,
      PRIMARY KEY (user_id, kind)
    )
;
ALTER TABLE announcements
      ADD COLUMN status text NOT NULL DEFAULT 'published'
        CHECK (status IN ('draft', 'submitted', 'scheduled', 'published')),
      ADD COLUMN publish_at timestamptz,
      ADD COLUMN published_at timestamptz,
      ADD COLUMN expires_at timestamptz,
      ADD COLUMN public boolean NOT NULL DEFAULT false,
      ADD COLUMN audience_roles text[] NOT NULL DEFAULT '{}',
      ADD COLUMN audience_groups uuid[] NOT NULL DEFAULT '{}',
      ADD COLUMN note text
;
UPDATE announcements SET published_at = created_at
;
DROP INDEX announcements_order_index
;
CREATE INDEX announcements_order_index ON announcements (pinned DESC, published_at DESC, id) WHERE status = 'published'
;
CREATE INDEX announcements_unpublished_index ON announcements (status) WHERE status <> 'published'
;
CREATE INDEX announcements_words_index ON announcements USING gin (to_tsvector('tenant_api.preau_french', title || ' ' || body))
;
CREATE TABLE announcement_files (
      announcement_id uuid NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
      media_id uuid NOT NULL REFERENCES media_files (id) ON DELETE CASCADE,
      position smallint NOT NULL,
      PRIMARY KEY (announcement_id, media_id)
    )
;
CREATE INDEX announcement_files_media_index ON announcement_files (media_id)
;
CREATE TABLE announcement_reads (
      announcement_id uuid NOT NULL REFERENCES announcements (id) ON DELETE CASCADE,
      user_id uuid NOT NULL,
      read_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (announcement_id, user_id)
    )
;
-- Null: of the library. Else the one feature that reads, shows and deletes it.
    ALTER TABLE media_files ADD COLUMN kept_by text
;
CREATE INDEX media_files_kept_index ON media_files (kept_by, created_at) WHERE kept_by IS NOT NULL
;
CREATE TABLE message_files (
      -- A file is one message's: it goes with it.
      media_id uuid PRIMARY KEY REFERENCES media_files (id) ON DELETE CASCADE,
      message_id uuid NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
      position smallint NOT NULL
    )
;
CREATE INDEX message_files_message_index ON message_files (message_id, position)
;
ALTER TABLE messages ADD COLUMN taken_back_at timestamptz
;
UPDATE media_files SET kept_by = 'branding' WHERE purpose IN ('logo', 'favicon')
;
DROP INDEX media_files_purpose_index
;
CREATE UNIQUE INDEX media_files_purpose_index ON media_files (purpose) WHERE purpose IS NOT NULL AND kept_by IS NULL
