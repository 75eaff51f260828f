/** The `ordering` parameter of the API's lists: a column's key, `-` before it for descending. */
export type Ordering = string;

export type AriaSort = 'ascending' | 'descending' | 'none';

export function sortOf(ordering: Ordering | undefined, key: string): AriaSort {
  if (ordering === key) return 'ascending';
  return ordering === `-${key}` ? 'descending' : 'none';
}

/** What a click on a column's heading asks for: ascending first, then the other way. */
export function toggled(ordering: Ordering | undefined, key: string): Ordering {
  return ordering === key ? `-${key}` : key;
}
