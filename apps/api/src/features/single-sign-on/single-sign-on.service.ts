import type { SingleSignOnInput } from '@preau/contracts/single-sign-on';
import type { SchoolRole } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError, fieldError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import type { SecretKeys } from '../../platform/secret-keys.ts';
import { auditCentral, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import {
  activateMembership,
  digest,
  findUser,
  findUserByEmail,
  insertMembership,
  insertUser,
  membershipIn,
  newSecret,
  type KnownPerson,
  type OpenedSession,
  type SessionService,
  type User,
} from '../identity/index.ts';
import { isOfDomains, type ExternalPerson } from './claims.ts';
import type { ProviderRoad, ReadProvider } from './provider.ts';
import {
  deleteProvider,
  findLinked,
  findProvider,
  insertAttempt,
  insertLink,
  putProvider,
  takeAttempt,
  type ProviderRow,
} from './single-sign-on.repository.ts';

export type SingleSignOnService = ReturnType<typeof createSingleSignOnService>;

const GOOD_FOR = 600;
const SECRET = 'oidc client secret';
const VERIFIER = 'oidc code verifier';

/** What a trail may show of a provider: all but its secret. */
function shown(row: ProviderRow): Partial<ProviderRow> {
  const rest: Partial<ProviderRow> = { ...row };
  delete rest.sealed_client_secret;
  delete rest.version;
  return rest;
}

/** Log-in by a school's own OpenID provider. What it says counts in that school, and nowhere else. */
export function createSingleSignOnService({
  tenancy,
  sessions,
  secrets,
  road,
  urlOf,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  secrets: SecretKeys;
  road: ProviderRoad;
  urlOf: (host: string) => string;
}) {
  const redirectUri = (host: string): string => `${urlOf(host)}/sso/callback`;
  const read = (row: ProviderRow): ReadProvider => ({
    ...row,
    clientSecret: secrets.open(SECRET, row.tenant_id, row.sealed_client_secret),
  });
  const find = (tenantId: string) =>
    tenancy.central(({ trx }) => findProvider(trx, tenantId), { readOnly: true });

  async function enabled(tenant: TenantSnapshot): Promise<ReadProvider> {
    const row = await find(tenant.id);
    if (!row?.enabled) throw new AppError('sso_not_configured');
    return read(row);
  }

  /** Who it is here: known by the subject, else by an address that the provider has verified. Throws as the contract says. */
  async function recognise(
    trx: CentralTrx,
    tenant: TenantSnapshot,
    provider: ReadProvider,
    person: ExternalPerson,
    origin: Origin,
  ): Promise<{ user: User; role: SchoolRole }> {
    const subject = { tenantId: tenant.id, issuer: person.issuer, subject: person.subject };
    const linked = await findLinked(trx, subject);
    let user = linked ? await findUser(trx, linked) : undefined;
    if (!user) {
      if (!person.email) throw new AppError('sso_email_unverified');
      if (!isOfDomains(person.email, provider.email_domains)) throw new AppError('sso_not_a_member');
      user = await findUserByEmail(trx, person.email);
    }
    // Whoever runs a school's provider must not become the platform's staff by naming their address.
    if (user?.is_superadmin) throw new AppError('sso_not_a_member');
    const membership = user && (await membershipIn(trx, user.id, tenant.id));
    const joins = membership?.status !== 'active';
    if (joins && !provider.creates_members)
      throw new AppError(membership ? 'membership_pending' : 'sso_not_a_member');
    const role = joins ? person.role : membership.role;
    if (!role) throw new AppError('sso_not_a_member');
    if (!user) {
      user = {
        id: uuidv7(),
        email: person.email ?? '',
        full_name: person.fullName,
        password_hash: null,
        is_superadmin: false,
      } as User;
      await insertUser(trx, user);
    }
    if (joins) {
      if (membership) await activateMembership(trx, user.id, tenant.id, role);
      else await insertMembership(trx, user.id, tenant.id, role);
    }
    if (!linked) await insertLink(trx, subject, user.id);
    if (joins || !linked) {
      await auditCentral(trx, origin, tenant.id, {
        action: joins ? 'single_sign_on.join' : 'single_sign_on.link',
        target: { type: 'user', id: user.id },
        after: { email: user.email, role, issuer: person.issuer, subject: person.subject },
      });
    }
    return { user, role };
  }

  return {
    redirectUri,
    find,

    async put(origin: Origin, tenant: TenantSnapshot, input: SingleSignOnInput): Promise<ProviderRow> {
      const { client_secret: given, ...fields } = input;
      const former = await find(tenant.id);
      if (given === undefined && !former) throw fieldError('client_secret', 'required');
      // The secret that is kept was given for one provider; another one must not be sent it.
      if (given === undefined && former?.issuer !== fields.issuer)
        throw fieldError('client_secret', 'required');
      const row: Omit<ProviderRow, 'version'> = {
        ...fields,
        tenant_id: tenant.id,
        sealed_client_secret:
          given === undefined ? (former?.sealed_client_secret ?? '') : secrets.seal(SECRET, tenant.id, given),
      };
      if (row.enabled) await road.check(read({ ...row, version: 0 }));
      return tenancy.central(async ({ trx }) => {
        const before = await findProvider(trx, tenant.id, true);
        const after = await putProvider(trx, row);
        await auditCentral(trx, origin, tenant.id, {
          action: 'single_sign_on.update',
          target: { type: 'tenant', id: tenant.id },
          ...(before ? { before: shown(before) } : {}),
          after: { ...shown(after), client_secret: given === undefined ? 'kept' : 'changed' },
        });
        return after;
      });
    },

    remove: (origin: Origin, tenant: TenantSnapshot): Promise<void> =>
      tenancy.central(async ({ trx }) => {
        const before = await findProvider(trx, tenant.id, true);
        if (!before) throw new AppError('not_found');
        await deleteProvider(trx, tenant.id);
        await auditCentral(trx, origin, tenant.id, {
          action: 'single_sign_on.remove',
          target: { type: 'tenant', id: tenant.id },
          before: shown(before),
        });
      }),

    /** For the log-in by password. Administrators keep theirs: a provider that fails must not lock a school up. */
    async assertPasswordAllowed({ tenant, role }: KnownPerson): Promise<void> {
      if (!tenant || role === 'admin') return;
      const row = await find(tenant.id);
      if (row?.enabled && !row.password_log_in) throw new AppError('sso_only');
    },

    /** Where to send the browser, and what it has to carry back in a cookie. */
    async begin(tenant: TenantSnapshot, host: string): Promise<{ url: string; browser: string }> {
      const provider = await enabled(tenant);
      const { url, state, nonce, verifier } = await road.begin(provider, redirectUri(host));
      const browser = newSecret();
      const stateHash = digest(state);
      await tenancy.central(({ trx }) =>
        insertAttempt(
          trx,
          {
            stateHash,
            tenantId: tenant.id,
            host,
            browserHash: digest(browser),
            sealedVerifier: secrets.seal(VERIFIER, stateHash.toString('hex'), verifier),
            nonce,
          },
          GOOD_FOR,
        ),
      );
      return { url, browser };
    },

    /** `answer` is the query that the provider sent the browser back with. */
    async end(
      tenant: TenantSnapshot,
      host: string,
      { answer, browser }: { answer: string; browser: string | null },
      origin: Origin,
      userAgent: string | null,
    ): Promise<OpenedSession> {
      const callback = new URL(redirectUri(host));
      callback.search = answer;
      const state = callback.searchParams.get('state') ?? '';
      const stateHash = digest(state);
      const entering = async (): Promise<OpenedSession> => {
        const provider = await enabled(tenant);
        const attempt = await tenancy.central(({ trx }) =>
          takeAttempt(trx, { stateHash, tenantId: tenant.id, host, browserHash: digest(browser ?? '') }),
        );
        if (!attempt) throw new AppError('sso_refused');
        const verifier = secrets.open(VERIFIER, stateHash.toString('hex'), attempt.sealed_verifier);
        const person = await road.end(provider, callback, { state, nonce: attempt.nonce, verifier });
        const enter = () => tenancy.central(({ trx }) => recognise(trx, tenant, provider, person, origin));
        // Two first log-ins of one person at once: the second finds the account that the first has made.
        const { user, role } = await enter().catch((error: unknown) => {
          if (violatesUnique(error, 'users_email_key') || violatesUnique(error, 'external_identities_pkey'))
            return enter();
          throw error;
        });
        return sessions.open(user, role, tenant, origin, userAgent, provider.counts_as_second_factor);
      };
      return entering().catch(async (error: unknown) => {
        if (error instanceof AppError)
          await tenancy.central(({ trx }) =>
            auditCentral(trx, origin, tenant.id, {
              action: 'single_sign_on.refuse',
              target: { type: 'tenant', id: tenant.id },
              after: { code: error.code, cause: error.cause instanceof Error ? error.cause.message : null },
            }),
          );
        throw error;
      });
    },
  };
}
