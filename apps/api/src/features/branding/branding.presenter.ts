import type * as contracts from '@preau/contracts/branding';
import type { Branding } from './branding.service.ts';
import type { ThemeVersionRow } from './theme.repository.ts';

export const presentVersion = (row: ThemeVersionRow & { is_current: boolean }): contracts.ThemeVersion => ({
  version: row.version,
  primary_color: row.primary_color,
  secondary_color: row.secondary_color,
  published_at: row.published_at.toISOString(),
  published_by: row.published_by_name === null ? null : { id: row.published_by, name: row.published_by_name },
  from_version: row.from_version,
  is_current: row.is_current,
});

export const presentDraft = ({ draft, published }: Branding): contracts.ThemeDraft => ({
  primary_color: (draft ?? published).primary_color,
  secondary_color: (draft ?? published).secondary_color,
  is_kept: draft !== undefined,
  updated_at: draft?.updated_at.toISOString() ?? null,
  updated_by: draft ? { id: draft.updated_by, name: draft.updated_by_name } : null,
  published: presentVersion({ ...published, is_current: true }),
});
