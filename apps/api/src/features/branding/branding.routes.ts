import * as contracts from '@preau/contracts/branding';
import { derivePalette } from '@preau/theme';
import { AppError } from '../../platform/app-error.ts';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { TenantDetail } from '../tenants/index.ts';
import { sendContent } from '../media/index.ts';
import { presentDraft, presentPicture, presentVersion } from './branding.presenter.ts';

/** Whoever may not change the look any more keeps what they have seen for so long. */
const OWN = 'private, max-age=300';

export function brandingRoutes({ branding, themePictures, directory, storage }: Services): BoundRoute[] {
  /** As the pages of the school are from now on. */
  async function shown({ primaryDomain }: { primaryDomain: string }, { tenant }: TenantDetail) {
    const changed = await directory.byHost(primaryDomain);
    if (!changed) throw new AppError('tenant_not_found');
    const { primary_color: primary, secondary_color: secondary } = tenant;
    return { ...changed.theme.value, adjustments: derivePalette({ primary, secondary }).adjustments };
  }
  return [
    bind(contracts.previewTheme, async ({ body }) =>
      derivePalette({ primary: body.primary_color, secondary: body.secondary_color }),
    ),
    bind(contracts.getThemeDraft, async (call) => {
      const found = await branding.get(schoolOf(call).id);
      return withVersion(call, found.version, presentDraft(found));
    }),
    bind(contracts.saveThemeDraft, async (call) => {
      const school = schoolOf(call);
      const saved = await branding.saveDraft(call.origin, school, call.body, expectedVersion(call.headers));
      return showVersion(call.reply, saved.version, presentDraft(saved));
    }),
    bind(contracts.discardThemeDraft, async (call) => {
      const school = schoolOf(call);
      const left = await branding.discardDraft(call.origin, school, expectedVersion(call.headers));
      return showVersion(call.reply, left.version, presentDraft(left));
    }),
    bind(contracts.publishTheme, async (call) => {
      const school = schoolOf(call);
      const detail = await branding.publish(call.origin, school, expectedVersion(call.headers));
      return shown(school, detail);
    }),
    bind(contracts.uploadThemePicture, async (call) =>
      presentPicture(await themePictures.receive(schoolOf(call), call.origin, call.files())),
    ),
    bind(contracts.getThemePicture, async (call) => {
      const content = await themePictures.content(schoolOf(call), call.params.name);
      return sendContent(storage, call, content, { cacheControl: OWN });
    }),
    bind(contracts.listThemeVersions, async (call) => {
      const { count, rows } = await branding.history(schoolOf(call).id, call.query);
      return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentVersion) };
    }),
    bind(contracts.rollBackTheme, async (call) => {
      const school = schoolOf(call);
      return shown(school, await branding.rollBack(call.origin, school, call.body.version));
    }),
  ];
}
