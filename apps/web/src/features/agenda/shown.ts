import type { AgendaEntry } from '@preau/contracts/directory';
import type { Occurrence } from '@preau/contracts/events';

/** Something of an agenda as the calendar shows it: of this school, or of another one of the network. */
export interface Shown {
  key: string;
  title: string;
  place: string;
  all_day: boolean;
  starts_at: string;
  ends_at: string;
  starts_on: string;
  ends_on: string;
  tags: readonly string[];
  to?: string;
  /** At another school's address. */
  href?: string;
  school?: string;
}

export const ofSchool = (one: Occurrence): Shown => ({
  ...one,
  key: `${one.event_id}.${one.day}`,
  to: `/agenda/${one.event_id}?day=${one.day}`,
});

export const ofNetwork = (one: AgendaEntry): Shown => ({
  ...one,
  key: `${one.event_id}.${one.day}`,
  href: one.school.domain_url,
  school: one.school.name,
});
