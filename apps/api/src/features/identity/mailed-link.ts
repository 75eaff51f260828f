import { AppError } from '../../platform/app-error.ts';

/** What was mailed to be proved once. */
export interface MailedLink {
  expires_at: Date;
  used_at: Date | null;
}

/**
 * Asked of a row that is locked: of two uses at once, one finds it used.
 * @throws AppError `link_unknown`, `link_used` or `link_expired`.
 */
export function usable<L extends MailedLink>(link: L | undefined): L {
  if (!link) throw new AppError('link_unknown');
  if (link.used_at) throw new AppError('link_used');
  if (link.expires_at.getTime() <= Date.now()) throw new AppError('link_expired');
  return link;
}
