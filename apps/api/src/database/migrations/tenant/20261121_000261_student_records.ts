import type { Knex } from 'knex';

/**
 * The roster: years, classes, students, those who answer for them, staff. Which account is whose is written down with the
 * membership, outside: accounts are the platform's.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
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
    )`);
  await knex.raw('CREATE UNIQUE INDEX school_years_name_index ON school_years (lower(name))');
  await knex.raw(
    'CREATE UNIQUE INDEX school_years_current_index ON school_years (is_current) WHERE is_current',
  );
  await knex.raw(`
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
    )`);
  await knex.raw('CREATE UNIQUE INDEX classes_name_index ON classes (school_year_id, lower(name))');
  await knex.raw(`
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
    )`);
  await knex.raw(
    'CREATE UNIQUE INDEX students_external_index ON students (external_id) WHERE external_id IS NOT NULL',
  );
  await knex.raw('CREATE INDEX students_birth_index ON students (birth_date)');
  await knex.raw(`
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
    )`);
  await knex.raw('CREATE INDEX guardians_email_index ON guardians (lower(email))');
  await knex.raw(`
    CREATE TABLE guardianships (
      student_id uuid NOT NULL REFERENCES students (id),
      guardian_id uuid NOT NULL REFERENCES guardians (id),
      relation text NOT NULL,
      may_be_written_to boolean NOT NULL DEFAULT true,
      may_collect boolean NOT NULL DEFAULT false,
      PRIMARY KEY (student_id, guardian_id)
    )`);
  await knex.raw('CREATE INDEX guardianships_guardian_index ON guardianships (guardian_id)');
  await knex.raw(`
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
    )`);
  await knex.raw(`
    CREATE TABLE class_teachers (
      class_id uuid NOT NULL REFERENCES classes (id),
      staff_id uuid NOT NULL REFERENCES staff_records (id),
      is_main boolean NOT NULL DEFAULT false,
      PRIMARY KEY (class_id, staff_id)
    )`);
  await knex.raw('CREATE INDEX class_teachers_staff_index ON class_teachers (staff_id)');
  await knex.raw(`
    CREATE TABLE enrolments (
      student_id uuid NOT NULL REFERENCES students (id),
      school_year_id uuid NOT NULL REFERENCES school_years (id),
      class_id uuid NOT NULL REFERENCES classes (id),
      since date NOT NULL DEFAULT current_date,
      PRIMARY KEY (student_id, school_year_id)
    )`);
  await knex.raw('CREATE INDEX enrolments_class_index ON enrolments (class_id)');
  await knex.raw(`
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
    )`);
  await knex.raw(`
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
    )`);
}

export async function down(knex: Knex): Promise<void> {
  for (const table of [
    'student_import_lines',
    'student_imports',
    'enrolments',
    'class_teachers',
    'staff_records',
    'guardianships',
    'guardians',
    'students',
    'classes',
    'school_years',
  ])
    await knex.raw(`DROP TABLE ${table}`);
}
