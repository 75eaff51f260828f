import { createHash } from 'node:crypto';
import type { Theme } from '@preau/contracts/current-tenant';
import { MODULE_KEYS, type ModulesEnabled } from '@preau/contracts/modules';
import type { TenantSettings } from '@preau/contracts/tenant-settings';
import {
  DEFAULT_MAX_STORAGE_GB,
  DEFAULT_MAX_STUDENTS,
  type SchoolType,
  type TenantStatus,
} from '@preau/contracts/vocabulary';
import type { TenantRef } from '@preau/tenancy';
import { derivePalette } from '@preau/theme';
import { LRUCache } from 'lru-cache';

/** All a request needs to know of its school, ready to send: kept in memory by host, never changed in place. */
export interface TenantSnapshot extends TenantRef {
  readonly subdomain: string;
  readonly name: string;
  readonly status: TenantStatus;
  readonly primaryDomain: string;
  /** Whether the host it was found at only redirects to the primary address. */
  readonly moved: boolean;
  readonly modulesEnabled: Readonly<ModulesEnabled>;
  readonly settings: Readonly<TenantSettings>;
  readonly closed: { readonly reason: string | null; readonly since: string | null };
  readonly theme: ServedTheme;
}

/** A theme with its bytes and validator, made once. */
export interface ServedTheme {
  readonly value: Theme;
  readonly json: string;
  /** Of the JSON, in bytes, as the header says it. */
  readonly length: string;
  readonly etag: string;
}

/** What the database says of a host, as it can be written down as JSON. */
export interface SnapshotRow {
  host: string;
  id: string;
  schema_name: string;
  subdomain: string;
  status: TenantStatus;
  name: string;
  school_type: SchoolType;
  primary_color: string;
  secondary_color: string;
  logo_url: string | null;
  favicon_url: string | null;
  max_students: number;
  max_storage_gb: number;
  modules_enabled: ModulesEnabled;
  settings: TenantSettings;
  /** ISO 8601 */
  inactive_since: string | null;
  inactive_reason: string | null;
  primary_domain: string;
  /** The host redirects to the primary address. */
  moved: boolean;
}

const MAX_FILE_UPLOAD_MB = 100;

/** Switched-off and unknown keys read the same everywhere: every module of the registry, true or false. */
export function effectiveModules(stored: ModulesEnabled): ModulesEnabled {
  return Object.fromEntries(MODULE_KEYS.map((key) => [key, stored[key] === true]));
}

/** Gives a theme its version (a digest of all the rest) and its bytes. */
export function serveTheme(
  theme: Omit<Theme, 'version' | 'favicon_url'> & { favicon_url: string | null },
): ServedTheme {
  const version = createHash('sha256').update(JSON.stringify(theme)).digest('hex').slice(0, 16);
  const value: Theme = { ...theme, favicon_url: theme.favicon_url ?? `/favicon.svg?v=${version}`, version };
  const json = JSON.stringify(value);
  return { value, json, length: String(Buffer.byteLength(json)), etag: `"${version}"` };
}

const palettes = new LRUCache<string, Theme['palette']>({ max: 1_000 });

/** Most of the time of reading a school again; few pairs of colours are worn by many. */
function paletteOf(primary: string, secondary: string): Theme['palette'] {
  const key = primary + secondary;
  let palette = palettes.get(key);
  if (!palette) palettes.set(key, (palette = derivePalette({ primary, secondary }).palette));
  return palette;
}

export function toSnapshot(row: SnapshotRow): TenantSnapshot {
  const modules = effectiveModules(row.modules_enabled);
  const school = row.school_type !== 'network';
  return Object.freeze({
    id: row.id,
    schemaName: row.schema_name,
    subdomain: row.subdomain,
    name: row.name,
    status: row.status,
    primaryDomain: row.primary_domain,
    moved: row.moved,
    modulesEnabled: modules,
    settings: row.settings,
    closed: { reason: row.inactive_reason, since: row.inactive_since },
    theme: serveTheme({
      school_name: row.name,
      school_type: row.school_type,
      primary_color: row.primary_color,
      secondary_color: row.secondary_color,
      logo_url: row.logo_url,
      favicon_url: row.favicon_url,
      palette: paletteOf(row.primary_color, row.secondary_color),
      modules_enabled: modules,
      tenant_features: {
        has_ai_features: modules['ai_analytics'] === true,
        has_sms_notifications: row.settings.enable_sms_notifications,
        has_email_notifications: row.settings.enable_email_notifications,
        has_parent_portal: school,
        has_student_portal: school,
        has_teacher_portal: school,
        max_file_upload_mb: MAX_FILE_UPLOAD_MB,
        max_storage_gb: row.max_storage_gb,
        max_students: row.max_students,
      },
      language: row.settings.language,
    }),
  });
}

/** Préau's own colours, for the console and the public site. */
export const PLATFORM_COLOURS = { primary: '#1B4D5C', secondary: '#C9722E' } as const;

export const PLATFORM_THEME: ServedTheme = serveTheme({
  school_name: 'Préau',
  school_type: null,
  primary_color: PLATFORM_COLOURS.primary,
  secondary_color: PLATFORM_COLOURS.secondary,
  logo_url: null,
  favicon_url: null,
  palette: derivePalette(PLATFORM_COLOURS).palette,
  modules_enabled: effectiveModules({}),
  tenant_features: {
    has_ai_features: false,
    has_sms_notifications: false,
    has_email_notifications: false,
    has_parent_portal: false,
    has_student_portal: false,
    has_teacher_portal: false,
    max_file_upload_mb: MAX_FILE_UPLOAD_MB,
    max_storage_gb: DEFAULT_MAX_STORAGE_GB,
    max_students: DEFAULT_MAX_STUDENTS,
  },
  language: 'fr',
});
