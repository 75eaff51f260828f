import { setTimeout as delay } from 'node:timers/promises';
import { markOf } from '../../bench/realtime/mark.ts';
import type { Seeded } from '../../fuzz/seeded.ts';
import type { Member } from './member.ts';

/** Milliseconds between two messages of the same kind of sender: what is missed in a cut stays far below what is replayed. */
const PAUSE = 60;

export interface Traffic {
  /** Messages that were acknowledged to who sent them, by their marks. */
  readonly acknowledged: Set<string>;
  /** Those of which nobody knows. */
  readonly unknown: Set<string>;
  stop(): Promise<void>;
}

/** Members say things on their sockets, and another process to schools, until stopped. */
export function startTraffic(
  members: readonly Member[],
  schools: number,
  tell: (school: number, mark: string) => Promise<void>,
  seeded: Seeded,
): Traffic {
  const over = new AbortController();
  const acknowledged = new Set<string>();
  const unknown = new Set<string>();
  const sending: Promise<void>[] = [];
  let number = 0;

  async function send(school: number, by: (mark: string) => Promise<boolean>): Promise<void> {
    number += 1;
    const mark = markOf(school, number);
    if (await by(mark)) acknowledged.add(mark);
    else unknown.add(mark);
  }
  async function repeat(turn: () => Promise<void> | undefined): Promise<void> {
    while (!over.signal.aborted) {
      const one = turn();
      if (one) sending.push(one);
      await delay(PAUSE);
    }
  }
  const loops = [
    repeat(() => {
      const there = members.filter(({ ready }) => ready);
      if (there.length === 0) return undefined;
      const member = seeded.pick(there);
      return send(member.school, (mark) => member.say(mark));
    }),
    repeat(() => {
      const school = seeded.whole(schools);
      return send(school, async (mark) => {
        await tell(school, mark);
        return true;
      });
    }),
  ];
  return {
    acknowledged,
    unknown,
    async stop() {
      over.abort();
      await Promise.all(loops);
      await Promise.all(sending);
    },
  };
}
