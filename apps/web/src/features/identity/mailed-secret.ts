import { isProblem, type ProblemError } from '../../shared/problem.ts';

/** What stands after `#` in the link of a mail: browsers send it to nobody by themselves. */
export const mailedSecret = (): string => decodeURIComponent(location.hash.slice(1));

/** The link cannot be used, and another one is wanted. */
export const isDeadLink = (error: unknown): error is ProblemError =>
  isProblem(error, 'link_unknown', 'link_used', 'link_expired');
