/** The closed lists of words of the product. No dependency: the browser imports this file at run time. */

export const SCHOOL_TYPES = ['ecole', 'college', 'lycee', 'lycee_pro', 'network'] as const;
export type SchoolType = (typeof SCHOOL_TYPES)[number];

/** States of long-running work. */
export const JOB_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

/** States of a run of the fleet migrator. `halted`: a wave had failures; `stopped`: it was told to; `interrupted`: it died. */
export const FLEET_RUN_STATUSES = ['running', 'done', 'failed', 'halted', 'stopped', 'interrupted'] as const;

export const BUNDLE_KINDS = ['backup', 'export'] as const;
export type BundleKind = (typeof BUNDLE_KINDS)[number];
/** Why an archive was made. `restore`: before one took a school's place. `clone`: on the way to another school. */
export const BUNDLE_CAUSES = ['asked', 'school', 'schedule', 'restore', 'clone', 'import'] as const;
export type BundleCause = (typeof BUNDLE_CAUSES)[number];
export const BUNDLE_STATUSES = ['running', 'done', 'failed'] as const;
export const RESTORE_MODES = ['in_place', 'copy', 'back'] as const;
export type RestoreMode = (typeof RESTORE_MODES)[number];

export const TENANT_STATUSES = [
  'pending',
  'provisioning',
  'active',
  'inactive',
  'failed',
  'archived',
] as const;
export type TenantStatus = (typeof TENANT_STATUSES)[number];

/** `failing`: verified once; the daily check finds it wrong now. It goes on answering meanwhile. */
export const DOMAIN_STATUSES = ['pending', 'active', 'failing'] as const;
export type DomainStatus = (typeof DOMAIN_STATUSES)[number];
/**
 * `subdomain`: the school's own below the base. `alias`: another below the base. `custom`: the school's own domain. `former`: a
 * subdomain it was renamed from, which redirects for a while.
 */
export const DOMAIN_KINDS = ['subdomain', 'alias', 'custom', 'former'] as const;
export type DomainKind = (typeof DOMAIN_KINDS)[number];

/** Who sees an event: the school, the schools of its networks too, or anybody. */
export const EVENT_VISIBILITIES = ['school', 'network', 'public'] as const;
export type EventVisibility = (typeof EVENT_VISIBILITIES)[number];

export const IMPORT_ACTIONS = ['create', 'update', 'unchanged', 'refused'] as const;
export type ImportAction = (typeof IMPORT_ACTIONS)[number];

export const LANGUAGES = ['fr', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

/** How people become members of a school: not at all, by invitation, or also by asking and being approved. */
export const REGISTRATIONS = ['closed', 'invitation', 'approval'] as const;
export type Registration = (typeof REGISTRATIONS)[number];

/** Whether schools may be asked for, and who grants what is asked. */
export const SIGNUP_POLICIES = ['closed', 'approval', 'automatic'] as const;
export type SignupPolicy = (typeof SIGNUP_POLICIES)[number];
/** `asked`: the address is to be proved. `proved`: the school is to be described. `failed`: granted, but it could not be made. */
export const SIGNUP_STATUSES = [
  'asked',
  'proved',
  'waiting',
  'approved',
  'open',
  'failed',
  'refused',
  'withdrawn',
] as const;
export type SignupStatus = (typeof SIGNUP_STATUSES)[number];

/** `submitted`: waits for an administrator. `scheduled`: waits for its time. */
export const ANNOUNCEMENT_STATUSES = ['draft', 'submitted', 'scheduled', 'published'] as const;
export type AnnouncementStatus = (typeof ANNOUNCEMENT_STATUSES)[number];

export const MAIL_STATUSES = ['queued', 'sent', 'kept', 'failed'] as const;

/** `superadmin` belongs to the platform, the others to one school. */
export const ROLES = ['superadmin', 'admin', 'teacher', 'student', 'parent', 'staff'] as const;
export type Role = (typeof ROLES)[number];
export const SCHOOL_ROLES = ['admin', 'teacher', 'student', 'parent', 'staff'] as const;
export type SchoolRole = (typeof SCHOOL_ROLES)[number];
/** What somebody may say of themselves who asks a school to be admitted; the school decides. */
export const ASKABLE_ROLES = ['teacher', 'student', 'parent', 'staff'] as const;

export const MEMBER_STATUSES = ['pending', 'active'] as const;
export type MemberStatus = (typeof MEMBER_STATUSES)[number];
/** What lists of members can be ordered by. */
export const MEMBER_ORDERINGS = ['full_name', 'email', 'role', 'created_at', 'last_active_on'] as const;
export const INVITATION_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const;
export type InvitationStatus = (typeof INVITATION_STATUSES)[number];

/** Which of the three faces of the application a host shows. */
export const FACES = ['console', 'portal', 'public'] as const;
export type Face = (typeof FACES)[number];

export const DEFAULT_PRIMARY_COLOR = '#1976D2';
export const DEFAULT_SECONDARY_COLOR = '#424242';
export const DEFAULT_MAX_STUDENTS = 1000;
export const DEFAULT_MAX_STORAGE_GB = 50;

/** First labels of the base domain that no school may take. */
export const RESERVED_SUBDOMAINS = [
  'www',
  'console',
  'api',
  'admin',
  'administration',
  'app',
  'assets',
  'auth',
  'autoconfig',
  'autodiscover',
  'blog',
  'cdn',
  'dns',
  'docs',
  'ftp',
  'help',
  'imap',
  'internal',
  'login',
  'mail',
  'media',
  'metrics',
  'mx',
  'ns',
  'ns1',
  'ns2',
  'platform',
  'pop',
  'preau',
  'root',
  'security',
  'smtp',
  'sso',
  'static',
  'status',
  'superadmin',
  'support',
  'system',
  'tls',
  'webmail',
  'wpad',
] as const;

/** `enrolled` holds a seat of the school. */
export const STUDENT_STATUSES = ['enrolled', 'left'] as const;
export type StudentStatus = (typeof STUDENT_STATUSES)[number];
export const STUDENT_ORDERINGS = ['name', 'birth_date', 'class', 'created_at'] as const;
export const GUARDIAN_RELATIONS = ['mother', 'father', 'parent', 'guardian', 'other'] as const;
export type GuardianRelation = (typeof GUARDIAN_RELATIONS)[number];
export const STAFF_JOBS = ['teacher', 'school_life', 'management', 'care', 'other'] as const;
export type StaffJob = (typeof STAFF_JOBS)[number];
export const STUDENT_IMPORT_STATUSES = ['checked', 'running', 'done', 'failed'] as const;
export type StudentImportStatus = (typeof STUDENT_IMPORT_STATUSES)[number];
