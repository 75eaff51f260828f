const DAY = 86_400_000;

/**
 * Until when a backup of the schedule is kept that is made now: so many days, and the one of each Sunday for so many weeks.
 * A day that both rules are for takes the longer.
 */
export function keptUntil(now: Date, { days, weeks }: { days: number; weeks: number }): Date {
  const weekly = now.getUTCDay() === 0 ? weeks * 7 : 0;
  return new Date(now.getTime() + Math.max(1, days, weekly) * DAY);
}
