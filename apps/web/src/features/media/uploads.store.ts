import { useQueryCache } from '@pinia/colada';
import type { MediaFolder, MediaUsage } from '@preau/contracts/media';
import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { uploadMedia } from './media.api.ts';
import { MEDIA } from './media.queries.ts';
import { createSpeedometer } from './speedometer.ts';

export type UploadState = 'waiting' | 'sending' | 'done' | 'failed' | 'cancelled';

export interface Upload {
  id: number;
  file: File;
  folder: MediaFolder;
  state: UploadState;
  /** Bytes that have left. */
  sent: number;
  /** Bytes a second; null until there is something to tell. */
  speed: number | null;
  /** What the server, the network or the check before said. */
  failure: unknown;
  /** Why it was not even sent. */
  refusal: 'too_large' | 'no_room' | 'empty' | null;
}

/** Requests at a time: more of them share the same line. */
const AT_ONCE = 2;

/** Files on their way to the school. They go on while one looks at other pages. */
export const useUploads = defineStore('media-uploads', () => {
  const uploads = ref<Upload[]>([]);
  const cutters = new Map<number, AbortController>();
  const cache = useQueryCache();
  let last = 0;

  const active = computed(() =>
    uploads.value.filter(({ state }) => state === 'waiting' || state === 'sending'),
  );
  const totals = computed(() => {
    const counted = uploads.value.filter(({ state }) => state !== 'cancelled' && state !== 'failed');
    return {
      files: counted.length,
      done: counted.filter(({ state }) => state === 'done').length,
      bytes: counted.reduce((sum, { file }) => sum + file.size, 0),
      sent: counted.reduce((sum, { file, sent, state }) => sum + (state === 'done' ? file.size : sent), 0),
    };
  });

  function refusalOf({ size }: File, usage: MediaUsage | undefined): Upload['refusal'] {
    if (size === 0) return 'empty';
    if (!usage) return null;
    if (size > usage.largest_file_bytes) return 'too_large';
    const promised = active.value.reduce((sum, { file }) => sum + file.size, 0);
    return size + promised > usage.limit_bytes - usage.used_bytes ? 'no_room' : null;
  }

  /** The server decides; what it is sure to refuse is told without sending it. */
  function add(files: readonly File[], folder: MediaFolder, usage: MediaUsage | undefined): void {
    for (const file of files) {
      const refusal = refusalOf(file, usage);
      last += 1;
      uploads.value.push({
        id: last,
        file,
        folder,
        state: refusal ? 'failed' : 'waiting',
        sent: 0,
        speed: null,
        failure: null,
        refusal,
      });
    }
    pump();
  }

  function pump(): void {
    const waiting = uploads.value.filter(({ state }) => state === 'waiting');
    for (const next of waiting.slice(0, Math.max(0, AT_ONCE - cutters.size))) void send(next);
  }

  async function send(item: Upload): Promise<void> {
    const cutter = new AbortController();
    cutters.set(item.id, cutter);
    const speed = createSpeedometer();
    Object.assign(item, { state: 'sending', sent: 0, speed: null, failure: null });
    try {
      await uploadMedia(item.file, item.folder, {
        signal: cutter.signal,
        // The form around the file is some hundred bytes more.
        onProgress(sent) {
          item.sent = Math.min(sent, item.file.size);
          item.speed = speed.at(sent);
        },
      });
      item.state = 'done';
      void cache.invalidateQueries({ key: MEDIA });
    } catch (error) {
      item.state = cutter.signal.aborted ? 'cancelled' : 'failed';
      item.failure = cutter.signal.aborted ? null : error;
    } finally {
      cutters.delete(item.id);
      pump();
    }
  }

  const find = (id: number) => uploads.value.find((item) => item.id === id);

  function cancel(id: number): void {
    const item = find(id);
    if (item?.state === 'waiting') item.state = 'cancelled';
    cutters.get(id)?.abort();
  }

  function retry(id: number): void {
    const item = find(id);
    if (item?.state !== 'failed' && item?.state !== 'cancelled') return;
    Object.assign(item, { state: 'waiting', sent: 0, refusal: null });
    pump();
  }

  /** Takes those that have ended off the list. */
  function clear(): void {
    uploads.value = uploads.value.filter(({ state }) => state === 'waiting' || state === 'sending');
  }

  return { uploads, active, totals, add, cancel, retry, clear };
});
