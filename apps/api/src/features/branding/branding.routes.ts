import * as contracts from '@preau/contracts/branding';
import { derivePalette } from '@preau/theme';
import { AppError } from '../../platform/app-error.ts';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { TenantDetail } from '../tenants/index.ts';
import { presentDraft, presentVersion } from './branding.presenter.ts';

export function brandingRoutes({ branding, directory }: Services): BoundRoute[] {
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
      const { id } = schoolOf(call);
      const saved = await branding.saveDraft(call.origin, id, call.body, expectedVersion(call.headers));
      return showVersion(call.reply, saved.version, presentDraft(saved));
    }),
    bind(contracts.discardThemeDraft, async (call) => {
      const { id } = schoolOf(call);
      const left = await branding.discardDraft(call.origin, id, expectedVersion(call.headers));
      return showVersion(call.reply, left.version, presentDraft(left));
    }),
    bind(contracts.publishTheme, async (call) => {
      const school = schoolOf(call);
      const detail = await branding.publish(call.origin, school.id, expectedVersion(call.headers));
      return shown(school, detail);
    }),
    bind(contracts.listThemeVersions, async (call) => {
      const { count, rows } = await branding.history(schoolOf(call).id, call.query);
      return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentVersion) };
    }),
    bind(contracts.rollBackTheme, async (call) => {
      const school = schoolOf(call);
      return shown(school, await branding.rollBack(call.origin, school.id, call.body.version));
    }),
  ];
}
