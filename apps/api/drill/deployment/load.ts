import https from 'node:https';
import type { Visitor } from './visitor.ts';

/** What became of requests made all the while something happened. */
export interface Endured {
  sent: number;
  /** Answered by anything but 200, or not at all. */
  lost: string[];
}

const AT_ONCE = 4;

/** Reads a page again and again while `work` goes on, and half a second longer. */
export async function during(
  visitor: Visitor,
  host: string,
  path: string,
  work: () => Promise<unknown>,
): Promise<Endured> {
  const agent = new https.Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const endured: Endured = { sent: 0, lost: [] };
  const over = new AbortController();
  const reader = async (): Promise<void> => {
    while (!over.signal.aborted) {
      endured.sent += 1;
      try {
        const { status, body } = await visitor.ask(host, { path, agent });
        if (status !== 200) endured.lost.push(`${status} ${body.slice(0, 200)}`);
      } catch (error) {
        endured.lost.push(String(error));
      }
    }
  };
  const readers = Array.from({ length: AT_ONCE }, reader);
  try {
    await work();
    await new Promise((resolve) => setTimeout(resolve, 500));
  } finally {
    over.abort();
    await Promise.all(readers);
    agent.destroy();
  }
  return endured;
}
