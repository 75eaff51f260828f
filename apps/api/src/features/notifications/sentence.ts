import type { Language } from '@preau/contracts/vocabulary';
import type { NotificationDefinition } from './define-notification.ts';

/** What a notification says and where it leads. In a copy whose data was emptied, the name of its kind and the home page. */
export function sentenceOf(
  kind: NotificationDefinition,
  { data }: { data: Record<string, unknown> | null },
  language: Language,
): { title: string; text: string | null; path: string } {
  if (data === null) return { title: kind.name[language], text: null, path: '/' };
  const { title, text = null } = kind.texts[language](data);
  return { title, text, path: kind.path(data) };
}
