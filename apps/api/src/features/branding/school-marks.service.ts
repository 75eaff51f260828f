import type { SchoolMark } from '@preau/contracts/school-marks';
import type { MediaVariant } from '@preau/contracts/media';
import type { TenantRef } from '@preau/tenancy';
import type { BrandColours } from '@preau/theme';
import { AppError } from '../../platform/app-error.ts';
import type { Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { FormFile } from '../define-feature.ts';
import type { Content } from '../media/index.ts';
import type { TenantService } from '../tenants/index.ts';
import { lookOf, pictureAt } from './look.ts';
import type { ThemePictures } from './theme-pictures.service.ts';

export type SchoolMarkService = ReturnType<typeof createSchoolMarkService>;

/**
 * Logo and favicon as visitors see them. Set here they are seen at once, and are a version of the look like any that was
 * published from a draft. The picture is stored first and then made known: should this process die in between, it waits in vain,
 * and is deleted in its time.
 */
export function createSchoolMarkService({
  tenants,
  pictures,
}: {
  tenants: TenantService;
  pictures: ThemePictures;
}) {
  const change = (tenant: TenantRef, origin: Origin, mark: SchoolMark, name: string | null) =>
    tenants.changeLook(origin, tenant.id, 'tenant.update_mark', async (_, school) => ({
      look: { ...lookOf(school), [mark]: name },
      fromVersion: null,
    }));
  const shown = ({ theme }: Pick<TenantSnapshot, 'theme'>, mark: SchoolMark): string | null =>
    pictureAt(mark === 'logo' ? theme.value.logo_url : theme.value.favicon_url);

  return {
    async set(tenant: TenantRef, origin: Origin, mark: SchoolMark, files: AsyncIterable<FormFile>) {
      await change(tenant, origin, mark, await pictures.receive(tenant, origin, files));
    },

    /** A second time is no change. The picture stays while the history can bring it back. */
    async remove(tenant: TenantRef, origin: Origin, mark: SchoolMark): Promise<void> {
      await change(tenant, origin, mark, null);
    },

    /** What to send of a published mark; null where the school has none of its own. `exact`: of the one that was asked for. */
    async content(
      tenant: TenantSnapshot,
      mark: SchoolMark,
      asked: string | undefined,
    ): Promise<{ content: Content; exact: boolean } | null> {
      const name = shown(tenant, mark);
      if (name === null) return null;
      return { content: await pictures.content(tenant, name), exact: asked === name };
    },

    /** A published logo in another size, by its public address. Throws `not_found`. */
    async smaller(
      tenant: TenantRef,
      address: string | null,
      asking: { variant: MediaVariant; accept?: string | undefined },
    ): Promise<Content> {
      const name = pictureAt(address);
      if (name === null) throw new AppError('not_found');
      return pictures.content(tenant, name, asking);
    },

    /** Colours that go with a picture of the school: its logo, where none is named. */
    async proposals(tenant: TenantSnapshot, picture?: string): Promise<BrandColours[]> {
      const name = picture ?? shown(tenant, 'logo');
      return name === null ? [] : pictures.proposals(tenant, name);
    },
  };
}
