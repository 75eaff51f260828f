import * as contracts from '@preau/contracts/single-sign-on';
import { normaliseHost } from '@preau/tenancy';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute, type Call } from '../define-feature.ts';
import { handOver, presentMe, userAgentOf } from '../identity/index.ts';
import type { ProviderRow } from './single-sign-on.repository.ts';

const hostOf = ({ headers }: Pick<Call, 'headers'>): string =>
  normaliseHost(headers['host'] as string | undefined) ?? '';

const present = (row: ProviderRow, redirectUri: string): contracts.SingleSignOn => ({
  enabled: row.enabled,
  label: row.label,
  issuer: row.issuer,
  client_id: row.client_id,
  scopes: row.scopes,
  role_claim: row.role_claim,
  role_rules: row.role_rules,
  default_role: row.default_role,
  creates_members: row.creates_members,
  email_domains: row.email_domains,
  password_log_in: row.password_log_in,
  counts_as_second_factor: row.counts_as_second_factor,
  redirect_uri: redirectUri,
});

/** Kept by the browser that begins. Lax: it comes back from the provider's site. */
const cookieOf = ({ base: { scheme } }: Services) => {
  const secure = scheme === 'https';
  const name = secure ? '__Host-preau_sso' : 'preau_sso';
  return { name, path: '/', httpOnly: true, sameSite: 'lax', secure } as const;
};

export const singleSignOnRoutes = (services: Services): BoundRoute[] => {
  const { singleSignOn } = services;

  return [
    bind(contracts.getSingleSignOn, async (call) => {
      const redirectUri = singleSignOn.redirectUri(hostOf(call));
      const row = await singleSignOn.find(schoolOf(call).id);
      return { provider: row ? present(row, redirectUri) : null, redirect_uri: redirectUri };
    }),
    bind(contracts.putSingleSignOn, async (call) => {
      const row = await singleSignOn.put(call.origin, schoolOf(call), call.body);
      return present(row, singleSignOn.redirectUri(hostOf(call)));
    }),
    bind(contracts.deleteSingleSignOn, async (call) => {
      await singleSignOn.remove(call.origin, schoolOf(call));
      return undefined;
    }),
    bind(contracts.getSignInMethods, async (call) => {
      const row = await singleSignOn.find(schoolOf(call).id);
      return {
        provider: row?.enabled ? { label: row.label } : null,
        password: !row?.enabled || row.password_log_in,
      };
    }),
    bind(contracts.beginSingleSignOn, async (call) => {
      const { url, browser } = await singleSignOn.begin(schoolOf(call), hostOf(call));
      void call.reply.header(
        'set-cookie',
        stringifySetCookie({ ...cookieOf(services), value: browser, maxAge: 600 }),
      );
      return { url };
    }),
    bind(contracts.endSingleSignOn, async (call) => {
      const browser = parseCookie(String(call.headers['cookie'] ?? ''))[cookieOf(services).name] ?? null;
      const { answer } = call.body;
      const { token, actor } = await singleSignOn.end(
        schoolOf(call),
        hostOf(call),
        { answer, browser },
        call.origin,
        userAgentOf(call),
      );
      await handOver(services, call, token);
      return presentMe(actor);
    }),
  ];
};
