import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';

const BUSY = 5;

/** Released by `release()`, or by the kernel when the process dies in any way. */
export interface FolderLock {
  release(): void;
}

/**
 * Takes an exclusive lock between processes (and between callers of one process) on `file`.
 *
 * A lock file with a pid inside stays behind after kill -9, and clearing it races with the next
 * owner. SQLite takes a kernel lock (fcntl, LockFileEx), which Node itself does not offer.
 * Rejects after `patience` milliseconds.
 */
export async function lockFolder(file: string, patience = 120_000): Promise<FolderLock> {
  const giveUpAt = performance.now() + patience;
  for (;;) {
    const db = new DatabaseSync(file, { timeout: 0 });
    try {
      // In memory, so that nothing but the empty lock file appears on disk.
      db.exec('PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
      return { release: () => db.close() };
    } catch (error) {
      db.close();
      if ((error as { errcode?: number }).errcode !== BUSY) throw error;
    }
    if (performance.now() > giveUpAt) {
      throw new Error(`Another process has held ${file} for more than ${Math.round(patience / 1000)} s.`);
    }
    await delay(15);
  }
}
