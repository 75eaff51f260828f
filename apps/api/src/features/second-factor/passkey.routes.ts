import * as contracts from '@preau/contracts/passkeys';
import { normaliseHost } from '@preau/tenancy';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute, type Call } from '../define-feature.ts';
import { handOver, presentMe, userAgentOf } from '../identity/index.ts';
import { hereOf, personOf } from './second-factor.routes.ts';
import { presentPasskey } from './second-factor.presenter.ts';
import type { PasskeyPlace } from './passkey.service.ts';

/** The host of a request, which has a place: the guard has seen to that. */
const hostOf = ({ headers }: Pick<Call, 'headers'>): string =>
  normaliseHost(headers['host'] as string | undefined) ?? '';
const placeOf = (call: Pick<Call, 'headers' | 'tenant' | 'origin' | 'language'>): PasskeyPlace => ({
  ...hereOf(call),
  host: hostOf(call),
});

export const passkeyRoutes = (services: Services): BoundRoute[] => {
  const { passkeys } = services;
  return [
    bind(contracts.listPasskeys, async (call) => {
      const results = (await passkeys.list(personOf(call))).map(presentPasskey);
      return { count: results.length, next: null, previous: null, results };
    }),
    bind(contracts.beginPasskey, (call) =>
      passkeys.begin(personOf(call), call.body.current_password, placeOf(call)),
    ),
    bind(contracts.addPasskey, async (call) => {
      const { passkey, recoveryCodes } = await passkeys.add(personOf(call), call.body, placeOf(call));
      return { passkey: presentPasskey(passkey), recovery_codes: recoveryCodes };
    }),
    bind(contracts.renamePasskey, async (call) =>
      presentPasskey(await passkeys.rename(personOf(call), call.params.id, call.body.name, call.origin)),
    ),
    bind(contracts.removePasskey, async (call) => {
      await passkeys.remove(personOf(call), call.params.id, call.body.current_password, hereOf(call));
      return undefined;
    }),
    bind(contracts.beginPasskeyLogin, (call) => passkeys.beginLogIn(hostOf(call))),
    bind(contracts.logInWithPasskey, async (call) => {
      const { token, actor } = await passkeys.logIn(
        call.tenant,
        hostOf(call),
        call.body.response,
        call.origin,
        userAgentOf(call),
      );
      await handOver(services, call, token);
      return presentMe(actor);
    }),
  ];
};
