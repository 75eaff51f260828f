import * as contracts from '@preau/contracts/domains';
import type { Services } from '../../services.ts';
import { assertMay } from '../audit/index.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { presentDomain, presentDomainDetail } from './domain.presenter.ts';

export const domainRoutes = ({ domains, domainCare }: Services): BoundRoute[] => [
  bind(contracts.listDomains, async ({ params }) => {
    const rows = await domains.list(params.id);
    return { count: rows.length, next: null, previous: null, results: rows.map(presentDomain) };
  }),
  bind(contracts.addDomain, async ({ params, body, actor, origin }) => {
    if (body.vouched) assertMay(actor, 'domains:vouch');
    return presentDomain(await domains.add(origin, params.id, body));
  }),
  bind(contracts.getDomain, async ({ params, language }) =>
    presentDomainDetail(await domainCare.get(params.id, params.did), language),
  ),
  bind(contracts.editDomain, async ({ params, body, origin }) =>
    presentDomain(await domains.setRedirects(origin, params.id, params.did, body.redirects)),
  ),
  bind(contracts.verifyDomain, async ({ params, origin, language }) =>
    presentDomainDetail(await domainCare.verify(origin, params.id, params.did), language),
  ),
  bind(contracts.vouchForDomain, async ({ params, origin }) =>
    presentDomain(await domains.vouch(origin, params.id, params.did)),
  ),
  bind(contracts.makePrimaryDomain, async ({ params, origin }) =>
    presentDomain(await domains.makePrimary(origin, params.id, params.did)),
  ),
  bind(contracts.removeDomain, async ({ params, origin }) => {
    await domains.remove(origin, params.id, params.did);
    return undefined;
  }),
];
