import * as contracts from '@preau/contracts/school-marks';
import type { SchoolMark } from '@preau/contracts/school-marks';
import { AppError } from '../../platform/app-error.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import { sendContent } from '../media/index.ts';

const FOR_EVER = 'public, max-age=31536000, immutable';
const ASK_AGAIN = 'public, no-cache';
const ROUTES = [
  ['logo', contracts.setLogo, contracts.removeLogo, contracts.getLogo],
  ['favicon', contracts.setFavicon, contracts.removeFavicon, contracts.getFavicon],
] as const satisfies readonly [SchoolMark, ...unknown[]][];

export function schoolMarkRoutes({ schoolMarks, directory, storage }: Services): BoundRoute[] {
  /** As the pages of the school show it from now on. */
  async function themeOf({ primaryDomain }: { primaryDomain: string }) {
    const changed = await directory.byHost(primaryDomain);
    if (!changed) throw new AppError('tenant_not_found');
    return changed.theme.value;
  }
  return [
    bind(contracts.proposeColours, async (call) => {
      const pairs = await schoolMarks.proposals(schoolOf(call), call.query.picture);
      return {
        results: pairs.map(({ primary, secondary }) => ({
          primary_color: primary,
          secondary_color: secondary,
        })),
      };
    }),
    ...ROUTES.flatMap(([mark, set, remove, get]) => [
      bind(set, async (call) => {
        await schoolMarks.set(schoolOf(call), call.origin, mark, call.files());
        return themeOf(schoolOf(call));
      }),
      bind(remove, async (call) => {
        await schoolMarks.remove(schoolOf(call), call.origin, mark);
        return themeOf(schoolOf(call));
      }),
      bind(get, async (call) => {
        // The platform has none.
        const found = call.tenant && (await schoolMarks.content(call.tenant, mark, call.query.v));
        if (!found) throw new AppError('not_found');
        const cacheControl = found.exact ? FOR_EVER : ASK_AGAIN;
        return sendContent(storage, call, found.content, { cacheControl });
      }),
    ]),
  ];
}
