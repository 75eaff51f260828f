import { LRUCache } from 'lru-cache';
import * as oidc from 'openid-client';
import { AppError } from '../../platform/app-error.ts';
import { emailFrom, nameFrom, roleFrom, type ExternalPerson } from './claims.ts';
import { createProviderFetch } from './provider-fetch.ts';
import type { ProviderRow } from './single-sign-on.repository.ts';

export type ProviderRoad = ReturnType<typeof createProviderRoad>;

export type ReadProvider = ProviderRow & { clientSecret: string };

interface Begun {
  state: string;
  nonce: string;
  verifier: string;
}

/** The way to a school's provider and back: authorization code, PKCE, state and nonce, by openid-client. */
export function createProviderRoad({ allowPrivate }: { allowPrivate: boolean }) {
  const providerFetch = createProviderFetch({ allowPrivate });
  const known = new LRUCache<string, oidc.Configuration>({ max: 500, ttl: 600_000 });

  async function discover(provider: ReadProvider): Promise<oidc.Configuration> {
    const issuer = new URL(provider.issuer);
    if (issuer.protocol !== 'https:' && !allowPrivate) throw new AppError('sso_provider_unreachable');
    const options: oidc.DiscoveryRequestOptions = {
      [oidc.customFetch]: providerFetch,
      timeout: 5,
      ...(allowPrivate ? { execute: [oidc.allowInsecureRequests] } : {}),
    };
    try {
      const found = await oidc.discovery(issuer, provider.client_id, undefined, oidc.None(), options);
      const metadata = found.serverMetadata();
      // Without a word about it the standard takes the header for granted.
      const methods = metadata.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
      const authentication = methods.includes('client_secret_basic')
        ? oidc.ClientSecretBasic(provider.clientSecret)
        : oidc.ClientSecretPost(provider.clientSecret);
      const made = new oidc.Configuration(metadata, provider.client_id, undefined, authentication);
      made[oidc.customFetch] = providerFetch;
      made.timeout = 5;
      if (allowPrivate) oidc.allowInsecureRequests(made);
      return made;
    } catch (cause) {
      throw new AppError('sso_provider_unreachable', { cause });
    }
  }

  async function configurationOf(provider: ReadProvider): Promise<oidc.Configuration> {
    const key = `${provider.tenant_id}|${provider.version}`;
    let configuration = known.get(key);
    if (!configuration) known.set(key, (configuration = await discover(provider)));
    return configuration;
  }

  return {
    /** Throws `sso_provider_unreachable` unless the issuer answers as one. */
    check: async (provider: ReadProvider): Promise<void> => void (await discover(provider)),

    async begin(provider: ReadProvider, redirectUri: string): Promise<Begun & { url: string }> {
      const configuration = await configurationOf(provider);
      const verifier = oidc.randomPKCECodeVerifier();
      const begun = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier };
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: provider.scopes,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state: begun.state,
        nonce: begun.nonce,
      });
      return { ...begun, url: url.href };
    },

    /** Throws `sso_refused` when anything does not fit: state, nonce, code, signature, issuer, audience. */
    async end(provider: ReadProvider, callback: URL, begun: Begun): Promise<ExternalPerson> {
      const configuration = await configurationOf(provider);
      try {
        const tokens = await oidc.authorizationCodeGrant(configuration, callback, {
          pkceCodeVerifier: begun.verifier,
          expectedState: begun.state,
          expectedNonce: begun.nonce,
          idTokenExpected: true,
        });
        const identity = tokens.claims();
        if (!identity) throw new Error('The provider sent no identity');
        const more = configuration.serverMetadata().userinfo_endpoint
          ? await oidc.fetchUserInfo(configuration, tokens.access_token, identity.sub)
          : {};
        const claims = { ...more, ...identity };
        const email = emailFrom(claims);
        return {
          issuer: identity.iss,
          subject: identity.sub,
          email,
          fullName: nameFrom(claims, email),
          role: roleFrom(claims, provider),
        };
      } catch (cause) {
        throw new AppError('sso_refused', { cause });
      }
    },
  };
}
