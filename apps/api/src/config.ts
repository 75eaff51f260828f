import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { Type, type Static } from 'typebox';
import type { StoragePlace } from './platform/storage/storage.ts';
import { parseStorageUrl } from './platform/storage/storage-place.ts';

/** The only reader of `process.env`: everything else is handed the result. */

// Node's four threads for files also do the cryptography of each new database connection: where a few writes of files wait for
// the disk, nothing could connect any more. Read when the first of them starts, so it can still be said here.
process.env['UV_THREADPOOL_SIZE'] ??= '16';

const Port = (value: number, description: string) =>
  Type.Integer({ minimum: 0, maximum: 65_535, default: value, description });

const MOST_FILE_MEGABYTES = 4_096;

const Environment = Type.Object({
  PORT: Port(3000, 'The one HTTP listener: API, application, sockets'),
  HOST: Type.String({ default: '127.0.0.1', description: 'Address to listen on' }),
  PREAU_BASE_DOMAIN: Type.String({
    default: 'localhost',
    pattern: '^[a-z0-9-]+(\\.[a-z0-9-]+)*$',
    description: 'Domain below which schools have their subdomains',
  }),
  PREAU_PUBLIC_PORT: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 65_535,
      description: 'Port in printed and mailed links; PORT unless told',
    }),
  ),
  PREAU_PUBLIC_SCHEME: Type.Optional(
    Type.Enum(['http', 'https'], { description: 'http on localhost, else https' }),
  ),
  PREAU_DATA_DIR: Type.String({
    default: '.preau',
    description: 'Embedded database, files, generated secrets',
  }),
  PREAU_STORAGE_URL: Type.Optional(
    Type.String({
      description:
        'Where files are kept: file:///folder, or s3://key:secret@host/bucket?region=…&path_style=1&tls=0; the data folder unless told',
    }),
  ),
  PREAU_BACKUP_URL: Type.Optional(
    Type.String({
      description: 'Where backups of schools are kept, spelt alike; backups/ in the data folder unless told',
    }),
  ),
  PREAU_BACKUP_RECIPIENTS: Type.Optional(
    Type.String({
      pattern: '^age1[a-z0-9]+(,age1[a-z0-9]+)*$',
      description:
        'age recipients that backups are encrypted for, comma-separated; not encrypted unless told',
    }),
  ),
  PREAU_BACKUP_SECRET_KEYS: Type.Optional(
    Type.String({
      pattern: '^AGE-SECRET-KEY-[A-Z0-9-]+(,AGE-SECRET-KEY-[A-Z0-9-]+)*$',
      description:
        'age identities that encrypted backups are opened with, comma-separated; only a restore needs them',
    }),
  ),
  PREAU_BACKUP_TIME: Type.Optional(
    Type.String({
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      description:
        'Time of day, in UTC, at which every school is backed up, such as 02:30; never unless told',
    }),
  ),
  PREAU_BACKUP_KEEP: Type.String({
    pattern: '^[0-9]{1,3}d,[0-9]{1,3}w$',
    default: '7d,4w',
    description:
      'Backups of the schedule that are kept: one a day for so many days, one a week for so many weeks',
  }),
  PREAU_MAX_FILE_MB: Type.Integer({
    minimum: 1,
    maximum: 1_000_000,
    default: MOST_FILE_MEGABYTES,
    description: 'Most megabytes of one uploaded file; of all of a school’s its own limit decides',
  }),
  DATABASE_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'PostgreSQL 15 or newer; an embedded one when absent',
    }),
  ),
  DATABASE_DIRECT_URL: Type.Optional(
    Type.String({
      pattern: '^postgres(ql)?://',
      description: 'The same without a transaction pooler, for LISTEN; DATABASE_URL unless told',
    }),
  ),
  DATABASE_POOL_MAX: Type.Integer({
    minimum: 2,
    maximum: 500,
    default: 10,
    description: 'Most database connections of this process',
  }),
  REDIS_URL: Type.Optional(
    Type.String({
      pattern: '^rediss?://',
      description:
        'Shared by all processes, and by no other installation: addresses of schools, rate limits. Kept in memory when absent',
    }),
  ),
  SMTP_URL: Type.Optional(
    Type.String({
      pattern: '^smtps?://',
      description: 'Server that mail is sent by; without it mail is kept and shown in the console',
    }),
  ),
  PREAU_MAIL_FROM: Type.Optional(
    Type.String({
      pattern: '^[^@\\s<>]+@[^@\\s<>]+$',
      description: 'Address that mail comes from; no-reply@<base> unless told',
    }),
  ),
  PREAU_ADMIN_EMAIL: Type.Optional(
    Type.String({
      pattern: '^[^@\\s]+@[^@\\s]+$',
      description: 'First super-admin; admin@<base> unless told',
    }),
  ),
  PREAU_ADMIN_PASSWORD: Type.Optional(
    Type.String({ minLength: 12, description: 'Their password; generated and printed once unless told' }),
  ),
  PREAU_DEMO: Type.Enum(['on', 'off'], {
    default: 'off',
    description: 'Demo schools, with people and content',
  }),
  PREAU_META_SUBDOMAIN: Type.String({
    default: 'meta',
    pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
    description: 'Address of the first network',
  }),
  PREAU_POOL_SIZE: Type.Integer({
    minimum: 0,
    maximum: 100,
    default: 2,
    description:
      'Schemas built ahead for the next schools, the same in every process; 0 builds each when it is provisioned',
  }),
  PREAU_ROLE_STOCK: Type.Integer({
    minimum: 0,
    maximum: 1_000,
    default: 64,
    description:
      'Database roles made together for the next schools, again when half are left; 0 makes each when its school is provisioned, which every connection feels once there are thousands',
  }),
  PREAU_MIGRATE: Type.Enum(['fleet', 'shared'], {
    default: 'fleet',
    description:
      'What a server brings up to date at its start: all schools too, or the shared tables alone, where `preau migrate` is run by hand',
  }),
  PREAU_JOBS: Type.Integer({
    minimum: 0,
    maximum: 50,
    default: 2,
    description: 'Background jobs that this process runs at once; 0 leaves them to `preau worker`',
  }),
  PREAU_JOBS_SILENCE: Type.Integer({
    minimum: 1,
    maximum: 3_600,
    default: 15,
    description: 'Seconds without a sign of life after which another process takes a job over',
  }),
  PREAU_METRICS_PORT: Port(
    9464,
    'Figures for Prometheus, on a listener of their own; 0 serves none. Another process on the machine needs another',
  ),
  PREAU_METRICS_HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address of that listener. It asks nobody who they are: keep it from the outside',
  }),
  PREAU_SHUTDOWN_DELAY: Type.Integer({
    minimum: 0,
    maximum: 300,
    default: 0,
    description:
      'Seconds for which a process that was told to end goes on serving while /readyz says 503: as long as a balancer needs to see it',
  }),
  PREAU_TRUST_PROXY: Type.Optional(
    Type.String({ description: 'Addresses of proxies whose X-Forwarded-* are believed, comma-separated' }),
  ),
  PREAU_SECRET: Type.Optional(
    Type.String({
      pattern: '^[^\\s,]{32,}(,[^\\s,]{32,})*$',
      description:
        'Secrets of 32 characters or more, comma-separated: the first signs and encrypts, all of them verify and decrypt. The same on every node; one in the data folder unless told',
    }),
  ),
  PREAU_DNS_SERVERS: Type.Optional(
    Type.String({
      description:
        'Name servers that domains of schools are checked by, comma-separated; those of the machine unless told',
    }),
  ),
  PREAU_ADDRESSES: Type.Optional(
    Type.String({
      description:
        'Public addresses of the installation, comma-separated; those of the base domain in DNS unless told',
    }),
  ),
  PREAU_CERTIFICATE_AUTHORITIES: Type.String({
    default: 'letsencrypt.org',
    description: 'Authorities that certificates come from, as CAA records name them, comma-separated',
  }),
  LOG_LEVEL: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    default: 'info',
    description: 'Least severe line logged',
  }),
});
type Environment = Static<typeof Environment>;

/** As a gigabyte of a school's limit is 10⁹. */
const MEGABYTE = 1_000_000;
export const DEFAULT_MOST_FILE_BYTES = MOST_FILE_MEGABYTES * MEGABYTE;

export const CONFIG_VARIABLES = Object.entries(Environment.properties).map(([name, schema]) => {
  const { default: fallback, description } = schema as { default?: string | number; description?: string };
  return { name, fallback: fallback === undefined ? null : String(fallback), description: description ?? '' };
});

export interface BackupConfig {
  storage: StoragePlace;
  /** age recipients; none: not encrypted. */
  recipients: readonly string[];
  /** age identities. */
  identities: readonly string[];
  /** `HH:MM` in UTC; undefined: no schedule. */
  time: string | undefined;
  keep: { days: number; weeks: number };
}

export interface Config {
  port: number;
  host: string;
  base: { scheme: 'http' | 'https'; domain: string; port: number | null };
  dataDir: string;
  /** Where files are kept. */
  storage: StoragePlace;
  backups: BackupConfig;
  /** Bytes that one uploaded file may have. */
  mostFileBytes: number;
  databaseUrl: string | undefined;
  databaseDirectUrl: string | undefined;
  databasePoolMax: number;
  redisUrl: string | undefined;
  mail: { smtpUrl: string | undefined; from: string };
  admin: { email: string; password: string | undefined };
  demo: boolean;
  metaSubdomain: string;
  /** Schemas built ahead. */
  poolSize: number;
  /** Roles made ahead. */
  roleStock: number;
  /** What a server migrates at its start. */
  migrate: 'fleet' | 'shared';
  jobs: { concurrency: number; silentSeconds: number };
  metrics: { port: number; host: string };
  /** Seconds of grace between the order to end and the last request taken. */
  shutdownDelay: number;
  trustProxy: string[] | false;
  /** What is asked and known when a domain is checked. */
  names: { servers: string[]; addresses: string[]; authorities: string[] };
  /** Signs and encrypts: the newest first. Undefined: one kept in the data folder. */
  secrets: readonly string[] | undefined;
  logLevel: Environment['LOG_LEVEL'];
  /** Whether standard output is a terminal: pretty logs there, JSON lines elsewhere. */
  terminal: boolean;
  development: boolean;
  /** Where each value came from, for the doctor; secrets hidden. */
  origins: { name: string; value: string; origin: 'environment' | 'default' }[];
}

/** Every mistake of the environment, at once. */
export class ConfigError extends Error {
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`The configuration is wrong:\n${mistakes.map((mistake) => `  - ${mistake}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}

const hideSecret = (name: string, value: string): string =>
  /PASSWORD|SECRET/.test(name)
    ? '••••'
    : value.replace(/(:\/\/[^:@/]*):[^@/]*@/, '$1:••••@').replace(/([?&]password=)[^&]*/gi, '$1••••');

const listed = (text = ''): string[] =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);

/** Whether the installation is somebody's own machine. */
export const isLocal = (baseDomain: string): boolean =>
  baseDomain === 'localhost' || baseDomain.endsWith('.localhost');

function placeOf(name: string, url: string | undefined, fallback: string): StoragePlace {
  if (url === undefined) return { kind: 'disk', folder: resolve(fallback) };
  try {
    return parseStorageUrl(url);
  } catch (error) {
    throw new ConfigError([`${name}: ${(error as Error).message}`]);
  }
}

function backupsOf(env: Environment): BackupConfig {
  const [days = 0, weeks = 0] = env.PREAU_BACKUP_KEEP.split(',').map((part) => Number.parseInt(part, 10));
  return {
    storage: placeOf('PREAU_BACKUP_URL', env.PREAU_BACKUP_URL, join(env.PREAU_DATA_DIR, 'backups')),
    recipients: listed(env.PREAU_BACKUP_RECIPIENTS),
    identities: listed(env.PREAU_BACKUP_SECRET_KEYS),
    time: env.PREAU_BACKUP_TIME,
    keep: { days, weeks },
  };
}

/** Reads and checks the environment. `defaults` stand in for variables that are not set. */
export function loadConfig(
  defaults: Record<string, string> = {},
  environment: NodeJS.ProcessEnv = process.env,
): Config {
  const given: Record<string, string | number> = {};
  for (const name of Object.keys(Environment.properties)) {
    const value = environment[name] ?? defaults[name];
    // An empty variable is an unset one: compose files and systemd units write both the same way.
    if (value !== undefined && value !== '') given[name] = value;
  }
  const set = new Set(Object.keys(given).filter((name) => environment[name]));
  const ajv = new Ajv({ allErrors: true, coerceTypes: true, useDefaults: true });
  if (!ajv.validate(Environment, given)) {
    throw new ConfigError(
      (ajv.errors ?? []).map((error) => {
        const name = error.instancePath.slice(1);
        const allowed = (error.params as { allowedValues?: string[] }).allowedValues;
        return `${name}: ${error.message}${allowed ? ` (${allowed.join(', ')})` : ''}`;
      }),
    );
  }
  const env = given as unknown as Environment;
  const local = isLocal(env.PREAU_BASE_DOMAIN);
  const scheme = env.PREAU_PUBLIC_SCHEME ?? (local ? 'http' : 'https');
  const publicPort = env.PREAU_PUBLIC_PORT ?? (local ? env.PORT : scheme === 'https' ? 443 : 80);
  return {
    port: env.PORT,
    host: env.HOST,
    base: {
      scheme,
      domain: env.PREAU_BASE_DOMAIN,
      port: publicPort === (scheme === 'https' ? 443 : 80) ? null : publicPort,
    },
    dataDir: resolve(env.PREAU_DATA_DIR),
    storage: placeOf('PREAU_STORAGE_URL', env.PREAU_STORAGE_URL, env.PREAU_DATA_DIR),
    backups: backupsOf(env),
    mostFileBytes: env.PREAU_MAX_FILE_MB * MEGABYTE,
    databaseUrl: env.DATABASE_URL,
    databaseDirectUrl: env.DATABASE_DIRECT_URL,
    databasePoolMax: env.DATABASE_POOL_MAX,
    redisUrl: env.REDIS_URL,
    mail: { smtpUrl: env.SMTP_URL, from: env.PREAU_MAIL_FROM ?? `no-reply@${env.PREAU_BASE_DOMAIN}` },
    admin: {
      email: (env.PREAU_ADMIN_EMAIL ?? `admin@${env.PREAU_BASE_DOMAIN}`).toLowerCase(),
      password: env.PREAU_ADMIN_PASSWORD,
    },
    demo: env.PREAU_DEMO === 'on',
    metaSubdomain: env.PREAU_META_SUBDOMAIN,
    poolSize: env.PREAU_POOL_SIZE,
    roleStock: env.PREAU_ROLE_STOCK,
    migrate: env.PREAU_MIGRATE,
    jobs: { concurrency: env.PREAU_JOBS, silentSeconds: env.PREAU_JOBS_SILENCE },
    metrics: { port: env.PREAU_METRICS_PORT, host: env.PREAU_METRICS_HOST },
    shutdownDelay: env.PREAU_SHUTDOWN_DELAY,
    trustProxy: env.PREAU_TRUST_PROXY ? listed(env.PREAU_TRUST_PROXY) : false,
    names: {
      servers: listed(env.PREAU_DNS_SERVERS),
      addresses: listed(env.PREAU_ADDRESSES),
      authorities: listed(env.PREAU_CERTIFICATE_AUTHORITIES),
    },
    secrets: env.PREAU_SECRET?.split(','),
    logLevel: env.LOG_LEVEL,
    terminal: process.stdout.isTTY,
    development: environment['PREAU_DEV_ORIGIN'] !== undefined,
    origins: CONFIG_VARIABLES.map(({ name }) => ({
      name,
      value: given[name] === undefined ? '' : hideSecret(name, String(given[name])),
      origin: set.has(name) ? 'environment' : 'default',
    })),
  };
}

/** How a command speaks: the language of the shell, and whether it may use colour (https://no-color.org). */
export function shell(environment: NodeJS.ProcessEnv = process.env): {
  language: 'fr' | 'en';
  colour: boolean;
} {
  const locale = environment['LC_ALL'] || environment['LC_MESSAGES'] || environment['LANG'] || '';
  return { language: locale.startsWith('fr') ? 'fr' : 'en', colour: !environment['NO_COLOR'] };
}

/**
 * A secret kept in the data folder, made on first use, readable by its owner only.
 * @returns the text, and whether it was made now.
 */
export function keptSecret(dataDir: string, name: string, bytes = 32): { value: string; created: boolean } {
  const path = join(dataDir, name);
  if (existsSync(path)) return { value: readFileSync(path, 'utf8').trim(), created: false };
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const value = randomBytes(bytes).toString('base64url');
  // Written whole before it has its name: a process that starts beside this one must not read half of it.
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${value}\n`, { mode: 0o600 });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return { value: readFileSync(path, 'utf8').trim(), created: false };
  } finally {
    rmSync(draft);
  }
  return { value, created: true };
}

/** The secrets of the installation, the newest first; made in the data folder when none is configured. */
export const secretsOf = ({
  secrets,
  dataDir,
}: {
  secrets?: Config['secrets'];
  dataDir: string;
}): readonly string[] => secrets ?? [keptSecret(dataDir, 'secret').value];
