import type { Sentence } from '@preau/contracts/languages';
import type { ModuleKey } from '@preau/contracts/modules';
import type { Language } from '@preau/contracts/vocabulary';

export interface NotificationText {
  title: string;
  text?: string | null;
}

/** A kind of thing that people are told of. */
export interface NotificationDefinition<D = Record<string, unknown>> {
  /** `feature.event`, unique: `announcements.published`. Kept with every notification: it cannot be renamed. */
  kind: string;
  /** The module it comes from: while that is off its notifications are not shown. */
  module?: ModuleKey;
  /** What it is called where one chooses how to be told. */
  name: Sentence;
  /** Whether it is sent by mail to those who have not chosen. */
  mail?: boolean;
  /** What it says, from what was kept of the event: names and titles, not whole texts. */
  texts: Readonly<Record<Language, (data: D) => NotificationText>>;
  /** Where in the portal it leads. */
  path: (data: D) => string;
}

/** Declares a kind, for the `notifications` of a feature's descriptor and for its calls of `notify`. */
export const defineNotification = <D>(definition: NotificationDefinition<D>): NotificationDefinition<D> =>
  definition;

/** Kinds by name. Throws for two of one name. */
export function notificationRegistry(
  definitions: readonly NotificationDefinition[],
): ReadonlyMap<string, NotificationDefinition> {
  const kinds = new Map(definitions.map((definition) => [definition.kind, definition]));
  if (kinds.size < definitions.length) throw new Error('Two notifications have the same kind');
  return kinds;
}
