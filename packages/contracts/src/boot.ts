import type { Theme } from './current-tenant.ts';
import type { TenantSettings } from './tenant-settings.ts';
import type { Face, Language, TenantStatus } from './vocabulary.ts';

/** Id of the `<script type="application/json">` in which the server hands the page its {@link Boot}. */
export const BOOT_ELEMENT_ID = 'preau-boot';

/** How a school tells times: its zone, and its patterns of days and hours. */
export type SchoolTimes = Pick<TenantSettings, 'timezone' | 'date_format' | 'time_format'>;

/** What `index.html` carries for its host, so that the first frame needs no request. */
export interface Boot {
  face: Face;
  language: Language;
  theme: Theme;
  /** `unknown`: no school here. `not_ready`: not provisioned yet. `closed`: with the reason and since when (ISO 8601). */
  state: 'open' | 'unknown' | 'not_ready' | 'closed';
  closed?: { reason: string | null; since: string | null };
  /** False: the browser brought no session, and asking whose it is would only be refused. */
  has_session: boolean;
  /** Of a school; elsewhere they are told as the reader's language does. */
  times?: SchoolTimes;
  status?: TenantStatus;
  /** Base domain with its public port if not the scheme's own, for links and the subdomain field. */
  /** By address, what the API answered while the page was written: the page does not ask it again. */
  answers?: Readonly<Record<string, unknown>>;
  base: { scheme: string; domain: string; port: number | null };
}
