import type { LoginResponse, RegistrationResponse } from '@preau/contracts/passkeys';
import type { Role } from '@preau/contracts/vocabulary';
import type { CentralTrx, Tenancy } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { violatesUnique } from '../../platform/database-errors.ts';
import { auditCentral, type Origin, type UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import {
  digest,
  findUser,
  membershipIn,
  type OpenedSession,
  type PasswordService,
  type SessionService,
  type User,
} from '../identity/index.ts';
import {
  countUse,
  deletePasskey,
  insertChallenge,
  insertPasskey,
  lockPasskey,
  passkeysOf,
  renamePasskey,
  takeChallenge,
  type PasskeyRow,
} from './passkey.repository.ts';
import type { Here, SecondFactorService } from './second-factor.service.ts';

export type PasskeyService = ReturnType<typeof createPasskeyService>;

// Loaded when it is needed: with all it knows of certificates it takes some tenths of a second, of every start and every command.
const webauthn = () => import('@simplewebauthn/server');

const GOOD_FOR = 300;
// EdDSA, ES256, RS256: what authenticators make. Node's newer ones are still experiments.
const ALGORITHMS = [-8, -7, -257];
/** More would be somebody filling the table. */
const MOST = 20;

/** Where a browser is: a passkey belongs to its host and to no other. */
export interface PasskeyPlace extends Here {
  host: string;
}

/** Passkeys, for the console and for schools: kept by host, always with the person's own check (a finger, a face, a PIN). */
export function createPasskeyService({
  tenancy,
  sessions,
  accountPasswords,
  secondFactor,
  urlOf,
}: {
  tenancy: Tenancy;
  sessions: SessionService;
  accountPasswords: PasswordService;
  secondFactor: SecondFactorService;
  urlOf: (host: string) => string;
}) {
  /** Takes the challenge that a response signs out of the database, whatever becomes of the rest. Throws `passkey_refused`. */
  async function spend(clientDataJSON: string, host: string, userId: string | null): Promise<string> {
    const challenge = await readChallenge(clientDataJSON);
    const good = await tenancy.central(({ trx }) =>
      takeChallenge(trx, { hash: digest(challenge), host, userId }),
    );
    if (!good) throw new AppError('passkey_refused');
    return challenge;
  }

  const keepChallenge = (challenge: string, host: string, userId: string | null) =>
    tenancy.central(({ trx }) =>
      insertChallenge(trx, { hash: digest(challenge), host, userId, seconds: GOOD_FOR }),
    );

  const own = (actor: UserActor, id: string) => ({ id, userId: actor.id, tenantId: actor.tenantId });

  return {
    list: (actor: UserActor): Promise<PasskeyRow[]> =>
      tenancy.central(({ trx }) => passkeysOf(trx, actor.id, actor.tenantId), { readOnly: true }),

    /** What a new passkey is to sign. */
    async begin(actor: UserActor, password: string, { host, tenant, origin }: PasskeyPlace) {
      await accountPasswords.prove(actor, password, origin);
      const known = await this.list(actor);
      if (known.length >= MOST) throw new AppError('passkey_refused');
      const { generateRegistrationOptions } = await webauthn();
      const options = await generateRegistrationOptions({
        rpName: tenant?.name ?? 'Préau',
        rpID: host,
        userName: actor.label,
        userDisplayName: actor.fullName,
        userID: new TextEncoder().encode(actor.id),
        timeout: GOOD_FOR * 1_000,
        attestationType: 'none',
        supportedAlgorithmIDs: ALGORITHMS,
        excludeCredentials: known
          .filter((passkey) => passkey.host === host)
          .map(({ credential_id: id, transports }) => ({ id, transports })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      });
      await keepChallenge(options.challenge, host, actor.id);
      return options;
    },

    /** Keeps it. @returns recovery codes too, for who had none. Throws `passkey_refused` or `passkey_known`. */
    async add(
      actor: UserActor,
      { name, response }: { name: string; response: RegistrationResponse },
      place: PasskeyPlace,
    ): Promise<{ passkey: PasskeyRow; recoveryCodes: string[] | null }> {
      const { host } = place;
      const challenge = await spend(response.response.clientDataJSON, host, actor.id);
      const { verifyRegistrationResponse } = await webauthn();
      const { registrationInfo: made } = await verifyRegistrationResponse({
        response,
        expectedChallenge: challenge,
        expectedOrigin: urlOf(host),
        expectedRPID: host,
        supportedAlgorithmIDs: ALGORITHMS,
        requireUserVerification: true,
      }).catch(refuse);
      if (!made) throw new AppError('passkey_refused');
      const adding = tenancy.central(async (scope) => {
        const passkey = await insertPasskey(scope.trx, {
          id: uuidv7(),
          user_id: actor.id,
          tenant_id: actor.tenantId,
          host,
          credential_id: made.credential.id,
          public_key: Buffer.from(made.credential.publicKey),
          counter: made.credential.counter,
          transports: response.response.transports ?? [],
          backed_up: made.credentialBackedUp,
          name: name.trim(),
        });
        const recoveryCodes = await secondFactor.begun(scope, actor, place, 'passkey_added', 'passkey.add', {
          id: passkey.id,
          name: passkey.name,
          host,
        });
        return { passkey, recoveryCodes };
      });
      return adding.catch((error: unknown) => {
        throw violatesUnique(error, 'passkeys_credential_id_key') ? new AppError('passkey_known') : error;
      });
    },

    rename: (actor: UserActor, id: string, name: string, origin: Origin): Promise<PasskeyRow> =>
      tenancy.central(async ({ trx }) => {
        const passkey = await renamePasskey(trx, own(actor, id), name.trim());
        if (!passkey) throw new AppError('not_found');
        await auditCentral(trx, origin, actor.tenantId, {
          action: 'passkey.rename',
          target: { type: 'passkey', id },
          after: { name: passkey.name },
        });
        return passkey;
      }),

    async remove(actor: UserActor, id: string, password: string, here: Here): Promise<void> {
      const stillProved = await accountPasswords.prove(actor, password, here.origin);
      await tenancy.central(async (scope) => {
        await stillProved(scope.trx);
        const passkey = await deletePasskey(scope.trx, own(actor, id));
        if (!passkey) throw new AppError('not_found');
        await secondFactor.lessened(scope, actor, here, 'passkey_removed', 'passkey.remove', {
          id,
          name: passkey.name,
          host: passkey.host,
        });
      });
    },

    /** What a passkey of this host is to sign, whoever's it is: the browser knows which there are. */
    async beginLogIn(host: string) {
      const { generateAuthenticationOptions } = await webauthn();
      const options = await generateAuthenticationOptions({
        rpID: host,
        userVerification: 'required',
        timeout: GOOD_FOR * 1_000,
      });
      await keepChallenge(options.challenge, host, null);
      return options;
    },

    /** Throws `passkey_refused`, or `membership_pending` to who waits for the school's yes. */
    async logIn(
      tenant: TenantSnapshot | null,
      host: string,
      response: LoginResponse,
      origin: Origin,
      userAgent: string | null,
    ): Promise<OpenedSession> {
      const challenge = await spend(response.response.clientDataJSON, host, null);
      const { verifyAuthenticationResponse } = await webauthn();
      const entering = tenancy.central(async ({ trx }) => {
        const passkey = await lockPasskey(trx, response.id, host);
        const user = passkey && (await findUser(trx, passkey.user_id));
        // A host may have become another school's since.
        if (!passkey || !user || passkey.tenant_id !== (tenant?.id ?? null))
          throw new AppError('passkey_refused');
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response,
          expectedChallenge: challenge,
          expectedOrigin: urlOf(host),
          expectedRPID: host,
          // Its counter must be beyond the last one: a copy of the authenticator would be found by it.
          credential: {
            id: passkey.credential_id,
            publicKey: new Uint8Array(passkey.public_key),
            counter: passkey.counter,
          },
          requireUserVerification: true,
        }).catch(refuse);
        if (!verified) throw new AppError('passkey_refused');
        const role = await roleAt(trx, user, tenant);
        await countUse(trx, passkey.id, {
          counter: authenticationInfo.newCounter,
          backedUp: authenticationInfo.credentialBackedUp,
        });
        return { user, role };
      });
      const { user, role } = await entering.catch(async (error: unknown) => {
        if (error instanceof AppError && error.code === 'passkey_refused')
          await tenancy.central(({ trx }) =>
            auditCentral(trx, origin, tenant?.id ?? null, {
              action: 'passkey.refuse',
              target: { type: 'passkey', id: response.id.slice(0, 254) },
            }),
          );
        throw error;
      });
      return sessions.open(user, role, tenant, origin, userAgent, true);
    },
  };
}

async function roleAt(trx: CentralTrx, user: User, tenant: TenantSnapshot | null): Promise<Role> {
  if (!tenant && user.is_superadmin) return 'superadmin';
  const membership = tenant ? await membershipIn(trx, user.id, tenant.id) : undefined;
  if (membership?.status === 'pending') throw new AppError('membership_pending');
  if (!membership) throw new AppError('passkey_refused');
  return membership.role;
}

async function readChallenge(clientDataJSON: string): Promise<string> {
  const { decodeClientDataJSON } = await import('@simplewebauthn/server/helpers');
  let data: { challenge?: unknown };
  try {
    data = decodeClientDataJSON(clientDataJSON);
  } catch (error) {
    return refuse(error);
  }
  return typeof data.challenge === 'string' ? data.challenge : refuse(new Error('It signs nothing'));
}

/** The library says in an error what does not fit; whoever sent it need not know which. */
function refuse(cause: unknown): never {
  throw new AppError('passkey_refused', { cause });
}
