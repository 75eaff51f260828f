import { ref, watch, type Ref } from 'vue';

const PREFIX = 'preau:';

function read(area: Storage, name: string): unknown {
  try {
    const text = area.getItem(PREFIX + name);
    return text === null ? undefined : JSON.parse(text);
  } catch {
    // Storage may be refused, and what is in it may be anybody's.
    return undefined;
  }
}

function write(area: Storage, name: string, value: unknown): void {
  try {
    if (value === undefined) area.removeItem(PREFIX + name);
    else area.setItem(PREFIX + name, JSON.stringify(value));
  } catch {
    // Full, or refused: then it is only not kept.
  }
}

/**
 * A value that outlives the page: for the visit in the tab (`sessionStorage`), or for good in this browser (`localStorage`).
 * `name` says whose it is where several people use one browser. What is found goes through `accept`: it may be of an earlier
 * version of the page. Undefined takes it away.
 */
export function useKept<T>(
  name: string,
  keep: 'visit' | 'browser',
  accept: (found: unknown) => T | undefined,
): Ref<T | undefined> {
  const area = keep === 'visit' ? sessionStorage : localStorage;
  const value = ref(accept(read(area, name))) as Ref<T | undefined>;
  watch(value, (now) => write(area, name, now), { deep: true });
  return value;
}
