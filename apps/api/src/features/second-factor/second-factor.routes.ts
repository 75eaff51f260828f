import * as contracts from '@preau/contracts/second-factor';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import type { UserActor } from '../audit/index.ts';
import { bind, schoolOf, type BoundRoute, type Call } from '../define-feature.ts';
import { presentEnrolment, presentSecondFactor } from './second-factor.presenter.ts';
import type { Here } from './second-factor.service.ts';

export function personOf({ actor }: Pick<Call, 'actor'>): UserActor {
  if (actor.type !== 'user') throw new AppError('not_authenticated');
  return actor;
}
export const hereOf = ({ tenant, origin, language }: Pick<Call, 'tenant' | 'origin' | 'language'>): Here => ({
  tenant,
  origin,
  language,
});

export const secondFactorRoutes = ({ secondFactor, sessions, tenants }: Services): BoundRoute[] => [
  bind(contracts.getSecondFactor, async (call) =>
    presentSecondFactor(await secondFactor.status(personOf(call), call.tenant)),
  ),
  bind(contracts.beginTotp, async (call) =>
    presentEnrolment(await secondFactor.begin(personOf(call), call.body.current_password, hereOf(call))),
  ),
  bind(contracts.confirmTotp, async (call) => ({
    recovery_codes: await secondFactor.confirm(personOf(call), call.body.code, hereOf(call)),
  })),
  bind(contracts.disableTotp, async (call) => {
    await secondFactor.disable(personOf(call), call.body, hereOf(call));
    return undefined;
  }),
  bind(contracts.renewRecoveryCodes, async (call) => ({
    recovery_codes: await secondFactor.renewCodes(personOf(call), call.body, hereOf(call)),
  })),
  bind(contracts.getSecondFactorPolicy, async (call) => ({
    require_second_factor: schoolOf(call).settings.require_second_factor,
  })),
  bind(contracts.updateSecondFactorPolicy, async (call) => {
    const { tenant } = await tenants.updateSettings(call.origin, schoolOf(call).id, call.body);
    // Other processes hear of it within the second; whoever asked is answered by this one.
    sessions.forgetTenant(tenant.id);
    return { require_second_factor: tenant.settings.require_second_factor };
  }),
];
