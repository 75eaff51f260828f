import type { MediaFile } from '@preau/contracts/media';
import type { WaitingFile } from '@preau/contracts/messaging';
import { computed, onScopeDispose, ref } from 'vue';
import { copyMediaToMessage, dropMessageFile, uploadMessageFile } from './messaging.api.ts';

/** What the API accepts: `MOST_MESSAGE_FILES` and `MOST_MESSAGE_FILE_BYTES` of its contract. */
export const MOST_FILES = 10;
export const MOST_BYTES = 25_000_000;

export interface OutgoingFile {
  key: number;
  name: string;
  bytes: number;
  state: 'sending' | 'ready' | 'failed';
  /** Bytes that have left. */
  sent: number;
  /** Of the file at the school, once it is there. */
  id: string | null;
  failure: unknown;
  /** Why it was not even sent. */
  refusal: 'empty' | 'too_large' | 'too_many' | null;
}

/** Files that somebody is about to send. Those that are not sent when the page is left are deleted again. */
export function useOutgoingFiles() {
  const files = ref<OutgoingFile[]>([]);
  const sources = new Map<number, (signal: AbortSignal) => Promise<WaitingFile | undefined>>();
  const cutters = new Map<number, AbortController>();
  let last = 0;

  const find = (key: number) => files.value.find((file) => file.key === key);
  // What cannot be deleted now is within a day.
  const drop = (id: string | null): void => void (id && dropMessageFile(id).catch(() => undefined));

  async function start(key: number): Promise<void> {
    const item = find(key);
    const source = sources.get(key);
    if (!item || !source) return;
    const cutter = new AbortController();
    cutters.set(key, cutter);
    Object.assign(item, { state: 'sending', sent: 0, failure: null, refusal: null });
    try {
      const made = await source(cutter.signal);
      // Taken off the list while it was on its way.
      if (cutter.signal.aborted) return drop(made?.id ?? null);
      Object.assign(item, made ? { ...made, state: 'ready' } : { state: 'failed' });
    } catch (error) {
      Object.assign(item, { state: 'failed', failure: error });
    } finally {
      cutters.delete(key);
    }
  }

  function place(name: string, bytes: number, refusal: OutgoingFile['refusal']): number {
    last += 1;
    const state = refusal ? 'failed' : 'sending';
    files.value.push({ key: last, name, bytes, state, sent: 0, id: null, failure: null, refusal });
    return last;
  }
  const kept = () => files.value.filter(({ refusal }) => refusal === null).length;
  const isFull = computed(() => kept() >= MOST_FILES);
  function refusalOf(bytes: number): OutgoingFile['refusal'] {
    if (bytes === 0) return 'empty';
    if (bytes > MOST_BYTES) return 'too_large';
    return isFull.value ? 'too_many' : null;
  }

  function add(chosen: readonly File[]): void {
    for (const file of chosen) {
      const refusal = refusalOf(file.size);
      const key = place(file.name, file.size, refusal);
      if (refusal) continue;
      sources.set(key, async (signal) => {
        const { results } = await uploadMessageFile(file, {
          signal,
          onProgress: (gone) => Object.assign(find(key) ?? {}, { sent: Math.min(gone, file.size) }),
        });
        return results[0];
      });
      void start(key);
    }
  }

  function addFromLibrary({ id, name, bytes }: Pick<MediaFile, 'id' | 'name' | 'bytes'>): void {
    const refusal = refusalOf(bytes);
    const key = place(name, bytes, refusal);
    if (refusal) return;
    sources.set(key, () => copyMediaToMessage(id));
    void start(key);
  }

  function remove(key: number): void {
    cutters.get(key)?.abort();
    drop(find(key)?.id ?? null);
    files.value = files.value.filter((file) => file.key !== key);
    sources.delete(key);
  }

  /** They belong to a message now. */
  function release(): void {
    files.value = [];
    sources.clear();
  }

  onScopeDispose(() => {
    for (const { key } of files.value) remove(key);
  });

  return {
    files,
    isFull,
    /** Of those that are at the school. */
    ids: computed(() => files.value.flatMap(({ id }) => (id === null ? [] : [id]))),
    /** On their way, or failed: what is sent now would be without them. */
    isPending: computed(() => files.value.some(({ state }) => state === 'sending')),
    hasFailed: computed(() => files.value.some(({ state }) => state === 'failed')),
    add,
    addFromLibrary,
    retry: (key: number) => void start(key),
    remove,
    release,
  };
}
export type OutgoingFiles = ReturnType<typeof useOutgoingFiles>;
