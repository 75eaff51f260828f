import * as contracts from '@preau/contracts/accounts';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import type { UserActor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute, type Call } from '../define-feature.ts';
import { presentMe, presentSchool, presentSession } from './identity.presenter.ts';
import { CONSOLE_PASSWORD_LENGTH } from './password.service.ts';

function personOf({ actor }: Pick<Call, 'actor'>): UserActor {
  if (actor.type !== 'user') throw new AppError('not_authenticated');
  return actor;
}
const whole = <T>(results: T[]) => ({ count: results.length, next: null, previous: null, results });
const cookiesOf = ({ headers }: { headers: Call['headers'] }) => headers['cookie'] as string | undefined;

export const accountRoutes = ({
  accounts,
  accountPasswords,
  registrations,
  sessionCookie,
  sessions,
  knownDevices,
}: Services): BoundRoute[] => [
  bind(contracts.authOptions, async ({ tenant }) => ({
    registration: tenant?.settings.registration ?? 'closed',
    password_min_length: tenant?.settings.password_min_length ?? CONSOLE_PASSWORD_LENGTH,
  })),
  bind(contracts.register, async (call) => {
    const { id, expiresAt } = await registrations.register(
      schoolOf(call),
      call.body,
      call.origin,
      call.language,
    );
    return { registration_id: id, expires_at: expiresAt.toISOString() };
  }),
  bind(contracts.openRegistration, async (call) => {
    const tenant = schoolOf(call);
    const { email, full_name, role, accountExists, expires_at } = await registrations.open(tenant, call.body);
    return {
      email,
      full_name,
      role,
      account_exists: accountExists,
      password_min_length: tenant.settings.password_min_length,
      expires_at: expires_at.toISOString(),
    };
  }),
  bind(contracts.verifyRegistration, async (call) => ({
    status: await registrations.verify(schoolOf(call), call.body, call.body, call.origin),
  })),
  bind(contracts.requestReset, async ({ tenant, body, origin, language }) => {
    await accountPasswords.requestReset(tenant, body.email, origin, language);
    return undefined;
  }),
  bind(contracts.confirmReset, async (call) => {
    const email = await accountPasswords.confirmReset(call.tenant, call.body, call.origin, call.language);
    // Whoever reads the mailbox gets in, whatever others try meanwhile.
    knownDevices.remember(call.reply, cookiesOf(call), email);
    return undefined;
  }),
  bind(contracts.changePassword, async (call) => {
    await accountPasswords.change(call.tenant, personOf(call), call.body, call.origin, call.language);
    return undefined;
  }),
  bind(contracts.changeEmail, async (call) => {
    await accounts.requestEmail(call.tenant, personOf(call), call.body, call.origin, call.language);
    return undefined;
  }),
  bind(contracts.confirmEmail, async (call) => {
    const { tenant, body, origin, language } = call;
    const token = sessionCookie.read(cookiesOf(call));
    const here = token === null ? null : await sessions.authenticate(token);
    const email = await accounts.confirmEmail(tenant, body.token, here, origin, language);
    knownDevices.remember(call.reply, cookiesOf(call), email);
    return { email };
  }),
  bind(contracts.updateMe, async (call) =>
    presentMe(await accounts.rename(personOf(call), call.body.full_name.trim(), call.origin)),
  ),
  bind(contracts.listSessions, async (call) => {
    const person = personOf(call);
    return whole((await accounts.sessions(person)).map((row) => presentSession(row, person)));
  }),
  bind(contracts.endSession, async (call) => {
    const person = personOf(call);
    await accounts.endSession(person, call.params.id, call.origin);
    if (call.params.id === person.sessionId) sessionCookie.clear(call.reply);
    return undefined;
  }),
  bind(contracts.endOtherSessions, async (call) => ({
    ended: await accounts.endOthers(personOf(call), call.origin),
  })),
  bind(contracts.discover, async ({ body, language }) => {
    await accounts.discover(body.email, language);
    return undefined;
  }),
  bind(contracts.listSchools, async (call) => {
    const person = personOf(call);
    return whole(
      (await accounts.schools(person)).map((row) => presentSchool(row, accounts.urlOf, call.tenant)),
    );
  }),
];
