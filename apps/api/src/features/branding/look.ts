import { LOOK_PARTS, type LookPart } from '@preau/contracts/branding';
import { SCHOOL_MARKS, type SchoolMark } from '@preau/contracts/school-marks';

export interface Colours {
  primary_color: string;
  secondary_color: string;
}

/** How a school shows itself. A picture is named by what its public address ends in; null: the one that is drawn. */
export interface Look extends Colours, Record<SchoolMark, string | null> {}

/** The same as the columns of a school have it. */
export interface LookColumns extends Colours {
  logo_url: string | null;
  favicon_url: string | null;
}

/** Another one for another picture, so that what browsers have kept is never the wrong one. */
const addressOf = (mark: SchoolMark, name: string | null): string | null =>
  name === null ? null : `/api/v1/current-tenant/${mark}/?v=${name}`;

/** Name of the picture at an address; null where it is not one of the school's own. */
export const pictureAt = (address: string | null): string | null =>
  /\/current-tenant\/(?:logo|favicon)\/\?v=([0-9a-f]+)$/.exec(address ?? '')?.[1] ?? null;

export const lookOf = (columns: LookColumns): Look => ({
  primary_color: columns.primary_color,
  secondary_color: columns.secondary_color,
  logo: pictureAt(columns.logo_url),
  favicon: pictureAt(columns.favicon_url),
});

export const columnsOf = (look: Look): LookColumns => ({
  primary_color: look.primary_color,
  secondary_color: look.secondary_color,
  logo_url: addressOf('logo', look.logo),
  favicon_url: addressOf('favicon', look.favicon),
});

export const picturesOf = (look: Pick<Look, SchoolMark>): string[] =>
  SCHOOL_MARKS.map((mark) => look[mark]).filter((name) => name !== null);

/** What of two looks is not the same. */
export const differenceOf = (one: Look, other: Look): LookPart[] =>
  LOOK_PARTS.filter((part) => one[part]?.toUpperCase() !== other[part]?.toUpperCase());
