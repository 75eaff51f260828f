import { shallowRef } from 'vue';
import { useFirstWork } from '../../shared/page/first-work.ts';

/** One answer of the API for a page that asks once; the public site carries no cache of queries. */
export function useAnswer<T>(ask: () => Promise<T>) {
  const data = shallowRef<T>();
  const failed = shallowRef(false);
  async function load(): Promise<void> {
    failed.value = false;
    try {
      data.value = await ask();
    } catch {
      failed.value = true;
    }
  }
  useFirstWork(load);
  return { data, failed, load };
}
