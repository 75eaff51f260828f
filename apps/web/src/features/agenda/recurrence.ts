import type { Day } from './days.ts';

export const REPEATS = ['never', 'DAILY', 'WEEKLY', 'FORTNIGHTLY', 'MONTHLY', 'YEARLY'] as const;
export type Repeat = (typeof REPEATS)[number];

/** The rule that a form says; null for what happens once. `until` is the last day. */
export function ruleOf(repeat: Repeat, until: Day): string | null {
  if (repeat === 'never') return null;
  const freq = repeat === 'FORTNIGHTLY' ? 'WEEKLY;INTERVAL=2' : repeat;
  return `FREQ=${freq};UNTIL=${until.replaceAll('-', '')}`;
}

/** What a form shows of a rule; null for one that it cannot show, which is then kept as it is. */
export function formOf(rule: string | null): { repeat: Repeat; until: Day } | null {
  if (rule === null) return { repeat: 'never', until: '' };
  const [, freq = '', interval, until = ''] =
    /^FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(?:;INTERVAL=(\d+))?(?:;BYMONTHDAY=\d+)?;UNTIL=(\d{8})$/.exec(rule) ??
    [];
  if (freq === '' || (interval !== undefined && !(freq === 'WEEKLY' && interval === '2'))) return null;
  return {
    repeat: interval === '2' ? 'FORTNIGHTLY' : (freq as Repeat),
    until: `${until.slice(0, 4)}-${until.slice(4, 6)}-${until.slice(6)}`,
  };
}

/** The end of the school year that a day is in. */
export const endOfSchoolYear = (day: Day): Day => {
  const year = Number(day.slice(0, 4));
  return `${day.slice(5) > '07-06' ? year + 1 : year}-07-06`;
};
