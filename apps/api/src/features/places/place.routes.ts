import * as contracts from '@preau/contracts/places';
import { pageLinks } from '../../platform/pagination.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { presentProfile } from '../directory/index.ts';
import { presentCreated, presentPlace } from './place.presenter.ts';

/** As the directory says: who leaves it is gone from here with the next question. */
const SHORTLY = 'public, max-age=0, must-revalidate';

export const placeRoutes = ({ places, federation, base }: Services): BoundRoute[] => [
  bind(contracts.listPlaces, async ({ query, reply }) => {
    const { count, rows } = await federation.list(null, query);
    void reply.header('cache-control', SHORTLY);
    return {
      count,
      ...pageLinks(reply, query, count),
      results: rows.map((row) => presentPlace(presentProfile(row, base))),
    };
  }),
  bind(contracts.getPlace, async ({ params, reply }) => {
    void reply.header('cache-control', SHORTLY);
    return presentPlace(presentProfile(await federation.get(null, params.school), base));
  }),
  bind(contracts.createPlace, async ({ body, origin, reply }) => {
    const created = await places.create(origin, body);
    reply.header('location', `/api/v1/place/${created.detail.tenant.id}/`);
    return presentCreated(created, base);
  }),
];
