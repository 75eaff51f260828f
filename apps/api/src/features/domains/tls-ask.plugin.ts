import proxyAddress from '@fastify/proxy-addr';
import type { FastifyRequest } from 'fastify';
import fp from 'fastify-plugin';
import { normaliseHost } from '@preau/tenancy';
import { AppError } from '../../platform/app-error.ts';
import type { PlaceFinder } from '../../zones/place.ts';
import { schoolClosed } from '../../zones/zones.ts';

export interface TlsAskOptions {
  places: PlaceFinder;
  trustProxy: readonly string[] | false;
}

/** Headers that whoever hands a visitor's request on adds: a question with one of them is a visitor's. */
const HANDED_ON = [
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'forwarded',
  'via',
];

/**
 * `GET /internal/tls-ask?domain=`: whether a TLS proxy may have a certificate for a domain. 200 for one that is registered and
 * verified and whose school is open; 403 where the school is not; 404 for all else.
 *
 * It answers the proxy itself and nobody through it: the peer is this machine or a proxy that `PREAU_TRUST_PROXY` names, the
 * request was not handed on, and its Host is none of the installation's addresses, since visitors come by those and a proxy asks
 * by an address inside. Everybody else gets the 404 of a path that does not exist.
 */
export const tlsAskPlugin = fp<TlsAskOptions>(
  async (app, { places, trustProxy }) => {
    const trusted = proxyAddress.compile(['loopback', ...(trustProxy || [])]);

    async function asksItself({ raw, headers }: FastifyRequest): Promise<boolean> {
      if (!trusted(raw.socket.remoteAddress ?? '', 0)) return false;
      if (HANDED_ON.some((name) => headers[name] !== undefined)) return false;
      const place = await places.load(headers.host);
      return place === null || place.kind === 'unknown';
    }

    app.get(
      '/internal/tls-ask',
      {
        config: { contract: { zone: 'public', permission: 'anyone', name: 'tlsAsk' } },
        schema: { hide: true } as never,
      },
      async (request, reply) => {
        if (!(await asksItself(request))) throw new AppError('not_found');
        const { domain } = request.query as { domain?: unknown };
        const host = typeof domain === 'string' && !domain.includes(':') ? normaliseHost(domain) : null;
        const place = host === null ? null : await places.load(host);
        // The platform's own names are below the wildcard certificate.
        if (!place?.tenant) throw new AppError('tenant_not_found');
        const refusal = schoolClosed(place);
        if (refusal) throw refusal;
        return reply.header('cache-control', 'no-store').send({ domain: host });
      },
    );
  },
  { name: 'tls-ask', dependencies: ['problems'] },
);
