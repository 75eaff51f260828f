import type * as contracts from '@preau/contracts/branding';
import type { SchoolMark } from '@preau/contracts/school-marks';
import type { Branding, ShownVersion } from './branding.service.ts';
import type { Look } from './look.ts';

export const presentPicture = (id: string): contracts.ThemePicture => ({
  id,
  url: `/api/v1/current-tenant/theme/pictures/${id}/`,
});
const picturesOf = (look: Pick<Look, SchoolMark>): Pick<contracts.ThemeDraft, SchoolMark> => ({
  logo: look.logo === null ? null : presentPicture(look.logo),
  favicon: look.favicon === null ? null : presentPicture(look.favicon),
});

export const presentVersion = (row: ShownVersion): contracts.ThemeVersion => ({
  version: row.version,
  primary_color: row.primary_color,
  secondary_color: row.secondary_color,
  ...picturesOf(row.pictures_kept ? row : { logo: null, favicon: null }),
  pictures_kept: row.pictures_kept,
  changed: row.changed,
  published_at: row.published_at.toISOString(),
  published_by: row.published_by_name === null ? null : { id: row.published_by, name: row.published_by_name },
  from_version: row.from_version,
  is_current: row.is_current,
});

export const presentDraft = ({ draft, published }: Branding): contracts.ThemeDraft => ({
  primary_color: (draft ?? published).primary_color,
  secondary_color: (draft ?? published).secondary_color,
  ...picturesOf(draft ?? published),
  is_kept: draft !== undefined,
  updated_at: draft?.updated_at.toISOString() ?? null,
  updated_by: draft ? { id: draft.updated_by, name: draft.updated_by_name } : null,
  published: presentVersion(published),
});
