import { monotonic } from './clock.ts';
import { markOf } from './mark.ts';
import type { Sockets } from './sockets.ts';

/** One message to all of a school. */
export type Send = (school: number, mark: string) => Promise<unknown>;

export interface FanOut {
  sockets: Sockets;
  send: Send;
  /** Schools that are told something in turn. */
  schools: number;
  members: number;
}

export interface Delays {
  /** Milliseconds from the order to send until each had it. */
  each: number[];
  /** Until the last of a school had it. */
  last: number[];
}

let number = 0;

/** So many messages, `atOnce` under way at a time: how long each was on its way to everybody. */
export async function fanOut(
  { sockets, send, schools, members }: FanOut,
  messages: number,
  atOnce: number,
): Promise<Delays> {
  const delays: Delays = { each: [], last: [] };
  let left = messages;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      number += 1;
      const school = number % schools;
      const mark = markOf(school, number);
      const heard = sockets.hear(mark, members);
      const began = monotonic();
      const [moments] = await Promise.all([heard, send(school, mark)]);
      const took = moments.map((moment) => moment - began);
      delays.each.push(...took);
      delays.last.push(Math.max(...took));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return delays;
}
