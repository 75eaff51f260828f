import { join } from 'node:path';
import {
  createChangeFeed,
  type ChangeFeed,
  createPoolKeeper,
  createReadyPool,
  createRoleStock,
  type Migrator,
  type PoolKeeper,
  type ReadyPool,
  type RoleStock,
  type SharedHosts,
  type Tenancy,
  type TenantTrx,
} from '@preau/tenancy';
import { DEFAULT_MOST_FILE_BYTES, isLocal, secretsOf, type Config } from './config.ts';
import type { Database } from './database/database.ts';
import {
  createAnnouncementCare,
  createAnnouncementService,
  createHerald,
  type AnnouncementCare,
  type AnnouncementService,
} from './features/announcements/index.ts';
import { createAuditService, SYSTEM, type AuditService } from './features/audit/index.ts';
import { createApiKeyService, type ApiKeyService } from './features/api-keys/index.ts';
import {
  createBrandingService,
  createSchoolMarkService,
  createThemePictures,
  type BrandingService,
  type SchoolMarkService,
  type ThemePictures,
} from './features/branding/index.ts';
import {
  createBundleCare,
  createBundleMaker,
  createBundleService,
  createBundleVerifier,
  createOrphanScan,
  createRestoreService,
  type BundleCare,
  type BundleMaker,
  type BundleService,
  type BundleVerifier,
  type OrphanScan,
  type RestoreService,
} from './features/bundles/index.ts';
import {
  createTenantDirectory,
  type SnapshotRow,
  type TenantDirectory,
} from './features/current-tenant/index.ts';
import {
  createDirectoryService,
  createMembershipService,
  createPictureService,
  createProfileService,
  MOST_PICTURE_BYTES,
  type DirectoryService,
  type MembershipService,
  type PictureService,
  type ProfileService,
} from './features/directory/index.ts';
import {
  createDomainCare,
  createDomainService,
  type DomainCare,
  type DomainService,
} from './features/domains/index.ts';
import {
  createEventNews,
  createEventService,
  createFeedService,
  type EventService,
  type FeedService,
} from './features/events/index.ts';
import { createExplainService, type ExplainService } from './features/explain/index.ts';
import { createFixtureService, type FixtureService } from './features/fixtures/index.ts';
import { createFleetInspection, type FleetInspection } from './features/fleet/index.ts';
import {
  createAccountService,
  createKnownDevices,
  createLogInService,
  createPasswords,
  createPasswordService,
  createRegistrationService,
  createSessionCookie,
  createSessionService,
  type AccountService,
  type KnownDevices,
  type LogInService,
  type PasswordService,
  type RegistrationService,
  type SessionCookie,
  type SessionService,
} from './features/identity/index.ts';
import {
  createGroupService,
  createPublicGroupService,
  groupIdsOf,
  namesOfGroups,
  type GroupService,
  type PublicGroupService,
} from './features/groups/index.ts';
import type { Feature } from './features/define-feature.ts';
import { features } from './features/index.ts';
import {
  createJobService,
  createJobWatch,
  jobRegistry,
  type JobService,
  type JobWatch,
} from './features/jobs/index.ts';
import {
  createInvitationService,
  createInvitingService,
  createMemberService,
  type InvitationService,
  type InvitingService,
  type MemberService,
  type RecordMoved,
} from './features/members/index.ts';
import {
  createContentService,
  createKeptFiles,
  createMediaCare,
  createMediaLinks,
  createMediaService,
  createScratch,
  createStorageLedger,
  createStorageVerifier,
  createUploadService,
  createVariantService,
  type ContentService,
  type MediaCare,
  type MediaLinks,
  type MediaService,
  type StorageLedger,
  type UploadService,
  type VariantService,
} from './features/media/index.ts';
import {
  createNotificationCare,
  createNotificationService,
  notificationRegistry,
  type NotificationCare,
  type NotificationService,
} from './features/notifications/index.ts';
import { createMailService, mailRegistry, smtpTransport, type MailService } from './features/mail/index.ts';
import {
  createPasskeyService,
  createSecondFactorService,
  type PasskeyService,
  type SecondFactorService,
} from './features/second-factor/index.ts';
import {
  createMessageFileService,
  createMessageReportService,
  createMessagingService,
  type MessageFileService,
  type MessageReportService,
  type MessagingService,
} from './features/messaging/index.ts';
import {
  createPresence,
  createRealtimeHub,
  type Presence,
  type RealtimeHub,
} from './features/realtime/index.ts';
import { createPlaceService, type PlaceService } from './features/places/index.ts';
import {
  createProviderRoad,
  createSingleSignOnService,
  type SingleSignOnService,
} from './features/single-sign-on/index.ts';
import {
  createSignupDecisionService,
  createSignupRequestService,
  heldNames,
  type SignupDecisionService,
  type SignupRequestService,
} from './features/signups/index.ts';
import { createQuotaLevels, type QuotaLevels } from './features/quotas/index.ts';
import {
  createClassService,
  createGuardianService,
  createRecordAccountService,
  createStaffService,
  createStudentImportService,
  createStudentService,
  createYearService,
  KEEP_GROUPS,
  type ClassService,
  type GuardianService,
  type RecordAccountService,
  type StaffService,
  type StudentImportService,
  type StudentService,
  type YearService,
} from './features/student-records/index.ts';
import { createSupportService, type SupportService } from './features/support-access/index.ts';
import {
  createImportFiles,
  createTenantImport,
  type ImportFiles,
  type TenantImport,
} from './features/tenant-import/index.ts';
import {
  createLastAccess,
  createLifecycleService,
  createProvisioningService,
  createTenantBulk,
  createTenantService,
  provisioningSteps,
  type LastAccess,
  type LifecycleService,
  type ProvisioningService,
  urlOf,
  type PublicBase,
  type TenantBulkService,
  type TenantService,
} from './features/tenants/index.ts';

import { listenToChanges } from './platform/changes.ts';
import { createDns } from './platform/dns.ts';
import { readCertificate } from './platform/certificates.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { createPublicFetch } from './platform/public-fetch.ts';
import { createSecretKeys } from './platform/secret-keys.ts';
import type { Storage } from './platform/storage/storage.ts';
import { openStorage } from './platform/storage/storage-place.ts';

/** Everything the product can do, for routes and commands alike. */
export interface Services {
  base: PublicBase;
  /** Variables of the configuration with their origins, secrets hidden. */
  origins: Config['origins'];
  tenancy: Tenancy;
  migrator: Migrator;
  /** Schemas built ahead for the next schools. */
  readyPool: ReadyPool;
  /** Roles made ahead for the schools after those. */
  roleStock: RoleStock;
  /** Keeps both; the server starts it. */
  poolKeeper: PoolKeeper;
  directory: TenantDirectory;
  tenants: TenantService;
  lifecycle: LifecycleService;
  provisioning: ProvisioningService;
  tenantBulk: TenantBulkService;
  tenantImport: TenantImport;
  importFiles: ImportFiles;
  domains: DomainService;
  domainCare: DomainCare;
  explain: ExplainService;
  fleet: FleetInspection;
  sessions: SessionService;
  logIn: LogInService;
  sessionCookie: SessionCookie;
  secondFactor: SecondFactorService;
  passkeys: PasskeyService;
  singleSignOn: SingleSignOnService;
  knownDevices: KnownDevices;
  registrations: RegistrationService;
  accounts: AccountService;
  accountPasswords: PasswordService;
  invitations: InvitationService;
  members: MemberService;
  inviting: InvitingService;
  groups: GroupService;
  publicGroups: PublicGroupService;
  signupRequests: SignupRequestService;
  signupDecisions: SignupDecisionService;
  /** Says things to open sockets, from any process. */
  realtime: RealtimeHub;
  presence: Presence;
  messaging: MessagingService;
  messageFiles: MessageFileService;
  messageReports: MessageReportService;
  apiKeys: ApiKeyService;
  audit: AuditService;
  support: SupportService;
  announcements: AnnouncementService;
  announcementCare: AnnouncementCare;
  events: EventService;
  calendarFeeds: FeedService;
  quotaLevels: QuotaLevels;
  /** What is seen of many schools at once. */
  federation: DirectoryService;
  memberships: MembershipService;
  profiles: ProfileService;
  /** Schools in the words of places. */
  places: PlaceService;
  pictures: PictureService;
  storageLedger: StorageLedger;
  uploads: UploadService;
  schoolMarks: SchoolMarkService;
  media: MediaService;
  mediaContent: ContentService;
  mediaLinks: MediaLinks;
  mediaVariants: VariantService;
  mediaCare: MediaCare;
  students: StudentService;
  guardians: GuardianService;
  staff: StaffService;
  classes: ClassService;
  schoolYears: YearService;
  studentImports: StudentImportService;
  recordAccounts: RecordAccountService;
  fixtures: FixtureService;
  lastAccess: LastAccess;
  jobs: JobService;
  branding: BrandingService;
  themePictures: ThemePictures;
  bundles: BundleService;
  bundleMaker: BundleMaker;
  bundleVerifier: BundleVerifier;
  restores: RestoreService;
  bundleCare: BundleCare;
  orphans: OrphanScan;
  mails: MailService;
  notifications: NotificationService;
  notificationCare: NotificationCare;
  /** What this process counts. */
  metrics: Metrics;
  storage: Storage;
  /** Changes of jobs, for whoever watches one in this process; fed by the feed of changes. */
  jobWatch: JobWatch;
  /** Hears of changes that other processes make, until closed. */
  listen(onError?: (error: Error) => void): Promise<ChangeFeed>;
}

/** The composition root: the one place that knows who needs whom. */
export function createServices(
  config: Pick<Config, 'base' | 'dataDir' | 'jobs'> &
    Partial<
      Pick<
        Config,
        | 'poolSize'
        | 'roleStock'
        | 'mail'
        | 'secrets'
        | 'names'
        | 'storage'
        | 'backups'
        | 'mostFileBytes'
        | 'origins'
      >
    >,
  database: Database,
  onError: (error: unknown) => void,
  {
    all = features,
    storage = openStorage(config.storage ?? { kind: 'disk', folder: config.dataDir }),
    sharedHosts = null,
  }: {
    all?: readonly Feature[];
    storage?: Storage;
    /** Cache of hosts that processes share. */
    sharedHosts?: SharedHosts<SnapshotRow> | null;
  } = {},
): Services {
  const { tenancy, migrator } = database;
  const metrics = createMetrics();
  const baseDomain = config.base.domain;
  const directory = createTenantDirectory(tenancy, {
    shared: sharedHosts,
    onLoad: metrics.hostLoaded,
  });
  const roleStock = createRoleStock({ tenancy, size: config.roleStock ?? 0 });
  const readyPool = createReadyPool({ tenancy, migrator, roles: roleStock, size: config.poolSize ?? 0 });
  const poolKeeper = createPoolKeeper({ fill: [roleStock.fill, readyPool.fill], onError });
  const passwords = createPasswords();
  const realtime = createRealtimeHub({ tenancy });
  const sessions = createSessionService({ tenancy, strictConsole: !isLocal(baseDomain) });
  const jobs = createJobService({
    tenancy,
    kinds: jobRegistry(all.flatMap((feature) => feature.jobs ?? [])),
    silentSeconds: config.jobs.silentSeconds,
    onEnd: metrics.jobEnded,
    onError,
  });
  const secure = config.base.scheme === 'https';
  const secrets = createSecretKeys(() => secretsOf(config));
  const addressOf = (host: string): string => urlOf(config.base, host);
  const mails = createMailService({
    tenancy,
    jobs,
    kinds: mailRegistry(all.flatMap((feature) => feature.mails ?? [])),
    transport: config.mail?.smtpUrl ? smtpTransport(config.mail.smtpUrl) : null,
    from: config.mail?.from ?? `no-reply@${baseDomain}`,
    baseDomain,
    urlOf: addressOf,
  });
  const notificationKinds = notificationRegistry(all.flatMap((feature) => feature.notifications ?? []));
  const notifications = createNotificationService({
    tenancy,
    kinds: notificationKinds,
    onChange: (tenantId, userIds) =>
      void realtime.toUsers({ tenantId, userIds }, 'notifications.changed', {}).catch(onError),
  });
  const herald = createHerald({
    notifications,
    onChange: (tenantId, id, userIds) =>
      void realtime.toUsers({ tenantId, userIds }, 'announcements.changed', { id }).catch(onError),
  });
  const accountPasswords = createPasswordService({ tenancy, sessions, mails, passwords });
  const secondFactor = createSecondFactorService({
    tenancy,
    sessions,
    accountPasswords,
    mails,
    secrets,
    issuer: isLocal(baseDomain) ? 'Préau' : `Préau ${baseDomain}`,
  });
  const singleSignOn = createSingleSignOnService({
    tenancy,
    sessions,
    secrets,
    road: createProviderRoad({ allowPrivate: isLocal(baseDomain) }),
    urlOf: addressOf,
  });
  const scratch = createScratch(config.dataDir);
  const quotaLevels = createQuotaLevels({ tenancy, mails });
  const storageLedger = createStorageLedger({ tenancy, storage, levels: quotaLevels, onError });
  const mediaVariants = createVariantService({ tenancy, storage, scratch, ledger: storageLedger, jobs });
  const uploads = createUploadService({
    tenancy,
    storage,
    scratch,
    ledger: storageLedger,
    mostBytes: config.mostFileBytes ?? DEFAULT_MOST_FILE_BYTES,
    wantVariants: mediaVariants.want,
    onError,
  });
  const inviting = createInvitingService({ tenancy, mails });
  const recordMoved: RecordMoved = async (trx, tenantId, recordId) => {
    await jobs.start(trx, SYSTEM, { kind: KEEP_GROUPS, tenantId, payload: { record_id: recordId } });
  };
  const media = createMediaService({ tenancy, ledger: storageLedger });
  const memberGroups = {
    groupsOf: groupIdsOf,
    areGroups: async (trx: TenantTrx, ids: readonly string[]) =>
      (await namesOfGroups(trx, [...ids])).size === new Set(ids).size,
  };
  const seeds = all.flatMap((feature) => feature.seeds ?? []);
  const steps = provisioningSteps({ migrator, storage, seeds });
  const tenants = createTenantService({ tenancy, directory, baseDomain, readyPool, roleStock, poolKeeper });
  const provisioning = createProvisioningService({ tenancy, migrator, directory, jobs, steps });
  const lifecycle = createLifecycleService({
    tenancy,
    migrator,
    directory,
    jobs,
    steps,
    storage,
    marks: {
      make: (id, proof) => secrets.mark('erasure', `${id} ${JSON.stringify(proof)}`).toString('hex'),
      holds: (id, proof, mark) =>
        secrets.isMark('erasure', `${id} ${JSON.stringify(proof)}`, Buffer.from(mark, 'hex')),
    },
  });
  const { recipients = [], identities = [], time, keep = { days: 7, weeks: 4 } } = config.backups ?? {};
  const backups = openStorage(
    config.backups?.storage ?? { kind: 'disk', folder: join(config.dataDir, 'backups') },
  );
  const forBundles = { tenancy, bundler: database.bundler, storage, backups, recipients, identities };
  const bundles = createBundleService({ ...forBundles, jobs, baseDomain });
  const fleet = createFleetInspection({ tenancy, migrator });
  const mediaContent = createContentService({ tenancy, variants: mediaVariants });
  const keptFiles = createKeptFiles({ storage, uploads, content: mediaContent, ledger: storageLedger });
  const themePictures = createThemePictures({ tenancy, storage, files: keptFiles });
  const schoolMarks = createSchoolMarkService({ tenants, pictures: themePictures });
  const profiles = createProfileService({ tenancy, jobs });
  const events = createEventService({
    tenancy,
    ...memberGroups,
    news: createEventNews({
      onChange: (tenantId, id, userIds) =>
        void realtime.toUsers({ tenantId, userIds }, 'events.changed', { id }).catch(onError),
    }),
  });
  const services: Services = {
    base: config.base,
    origins: config.origins ?? [],
    tenancy,
    migrator,
    readyPool,
    roleStock,
    poolKeeper,
    directory,
    tenants,
    lifecycle,
    branding: createBrandingService({ tenancy, tenants, pictures: themePictures, onError }),
    themePictures,
    bundles,
    bundleMaker: createBundleMaker(forBundles),
    bundleVerifier: createBundleVerifier(forBundles),
    restores: createRestoreService({
      ...forBundles,
      migrator,
      directory,
      jobs,
      shareAgain: events.shareAgain,
    }),
    bundleCare: createBundleCare({ tenancy, bundles, lifecycle, backups, schedule: { time, keep } }),
    provisioning,
    tenantBulk: createTenantBulk({ tenancy, jobs, lifecycle }),
    tenantImport: createTenantImport({ tenancy, tenants, provisioning, baseDomain }),
    importFiles: createImportFiles(config.dataDir),
    fleet,
    orphans: createOrphanScan({ tenancy, fleet, storage, backups }),
    domains: createDomainService({ tenancy, directory, baseDomain }),
    explain: createExplainService({
      tenancy,
      directory,
      base: config.base,
      contracts: () =>
        all.flatMap((feature) => feature.routes?.(services) ?? []).map(({ contract }) => contract),
    }),
    domainCare: createDomainCare({
      tenancy,
      directory,
      baseDomain,
      surroundings: {
        dns: createDns(config.names?.servers),
        addresses: config.names?.addresses ?? [],
        authorities: config.names?.authorities ?? [],
        certificateOf: secure
          ? (name, address) => readCertificate(name, address, config.base.port ?? 443)
          : undefined,
      },
    }),
    sessions,
    logIn: createLogInService({
      tenancy,
      sessions,
      passwords,
      async checkSecondFactor(person, attempt, origin) {
        await singleSignOn.assertPasswordAllowed(person);
        return secondFactor.check(person, attempt, origin);
      },
    }),
    secondFactor,
    singleSignOn,
    passkeys: createPasskeyService({
      tenancy,
      sessions,
      accountPasswords,
      secondFactor,
      urlOf: addressOf,
    }),
    sessionCookie: createSessionCookie({ secure }),
    knownDevices: createKnownDevices({ secrets, secure }),
    registrations: createRegistrationService({ tenancy, mails }),
    accounts: createAccountService({ tenancy, sessions, mails, accountPasswords, urlOf: addressOf }),
    accountPasswords,
    members: createMemberService({ tenancy, sessions, mails, recordMoved }),
    inviting,
    groups: createGroupService({ tenancy }),
    publicGroups: createPublicGroupService({ tenancy }),
    signupRequests: createSignupRequestService({
      tenancy,
      mails,
      jobs,
      tenants,
      baseDomain,
      urlOf: addressOf,
    }),
    signupDecisions: createSignupDecisionService({
      tenancy,
      mails,
      jobs,
      tenants,
      provisioning,
      baseDomain,
    }),
    realtime,
    presence: createPresence({ tenancy, onError }),
    messaging: createMessagingService({ tenancy, realtime, notifications, files: keptFiles }),
    messageFiles: createMessageFileService({ tenancy, files: keptFiles }),
    messageReports: createMessageReportService({ tenancy, realtime, notifications, files: keptFiles }),
    invitations: createInvitationService({
      tenancy,
      sessions,
      passwords,
      checkSecondFactor: secondFactor.check,
      recordMoved,
    }),
    apiKeys: createApiKeyService({ tenancy }),
    audit: createAuditService({ tenancy }),
    support: createSupportService({ tenancy, sessions, mails }),
    announcements: createAnnouncementService({ tenancy, herald }),
    announcementCare: createAnnouncementCare({ tenancy, herald }),
    events,
    federation: createDirectoryService({ tenancy, content: mediaContent, schoolMarks }),
    memberships: createMembershipService({ tenancy }),
    profiles,
    places: createPlaceService({
      tenancy,
      tenants,
      provisioning,
      profiles,
      heldNames: (trx, subdomain) => heldNames(trx, subdomain, null),
      baseDomain,
    }),
    pictures: createPictureService({
      tenancy,
      uploads,
      schoolMarks,
      fetch: createPublicFetch({ allowPrivate: false, patience: 10_000, mostBytes: MOST_PICTURE_BYTES }),
    }),
    calendarFeeds: createFeedService({ tenancy, ...memberGroups, urlOf: addressOf }),
    quotaLevels,
    storageLedger,
    uploads,
    schoolMarks,
    media,
    mediaContent,
    mediaLinks: createMediaLinks({ secrets }),
    mediaVariants,
    mediaCare: createMediaCare({
      tenancy,
      storage,
      scratch,
      ledger: storageLedger,
      media,
      verifier: createStorageVerifier({ tenancy, storage }),
    }),
    students: createStudentService({ tenancy, levels: quotaLevels }),
    guardians: createGuardianService({ tenancy }),
    staff: createStaffService({ tenancy }),
    classes: createClassService({ tenancy }),
    schoolYears: createYearService({ tenancy, levels: quotaLevels }),
    studentImports: createStudentImportService({ tenancy, levels: quotaLevels }),
    fixtures: createFixtureService({
      tenancy,
      parts: all.flatMap((feature) => feature.fixtures ?? []),
      services: () => services,
    }),
    recordAccounts: createRecordAccountService({ tenancy, inviting, levels: quotaLevels }),
    lastAccess: createLastAccess(tenancy, { onError }),
    jobs,
    mails,
    notifications,
    notificationCare: createNotificationCare({ tenancy, mails, kinds: notificationKinds }),
    metrics,
    storage,
    jobWatch: createJobWatch(),
    listen: (onCut = onError) =>
      createChangeFeed({
        url: database.directUrl,
        ...listenToChanges(services),
        onDelay: metrics.changeHeard,
        onError: onCut,
      }),
  };
  return services;
}
