import type { Language } from '@preau/contracts/vocabulary';
import { nextTask } from './tasks.ts';

const touch = (area: () => Storage): void => {
  try {
    void area().length;
  } catch {
    // Refused: then nobody uses it later either.
  }
};

/**
 * What a browser reads from its files, or asks another process for, when it is first used: some 20 ms for the first date in a
 * language, some 10 for what is kept. While the application is on its way nothing else is to be done; later it would hold up a page.
 */
export async function warmUp(language: Language): Promise<void> {
  // Not in one go with the files that have just come.
  await nextTask();
  new Intl.DateTimeFormat(language).format(0);
  await nextTask();
  touch(() => sessionStorage);
  await nextTask();
  touch(() => localStorage);
}
