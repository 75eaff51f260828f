import { Agent } from 'node:http';
import { ask } from '../../bench/ask.ts';

/** What is asked, and of whom. */
export interface TrafficOptions {
  /** Of servers. */
  urls: readonly string[];
  /** Hosts of schools and how each is called. */
  schools: readonly { host: string; name: string }[];
  callers: number;
}

/** What was answered meanwhile. */
export interface Traffic {
  asked: number;
  /** Answers of 500 and more, and none at all. */
  failures: string[];
  /** A school's host answered as another school, and unknown hosts as any. */
  wrong: string[];
  stop(): Promise<void>;
}

const PATH = '/api/v1/current-tenant/theme/';

/** Asks for themes of schools and of hosts that nobody knows, until stopped. */
export function startTraffic({ urls, schools, callers }: TrafficOptions): Traffic {
  const agent = new Agent({ keepAlive: true });
  const over = new AbortController();
  const traffic: Traffic = { asked: 0, failures: [], wrong: [], stop };

  async function call(caller: number): Promise<void> {
    for (let turn = caller; !over.signal.aborted; turn += 1) {
      const url = urls[turn % urls.length] ?? '';
      const school = turn % 4 === 3 ? null : schools[turn % schools.length];
      const host = school?.host ?? `nowhere-${turn % 97}.localhost`;
      traffic.asked += 1;
      try {
        const { status, body } = await ask(url + PATH, { headers: { host }, agent });
        if (status >= 500) traffic.failures.push(`${host}: ${status} ${body.slice(0, 200)}`);
        else if (school ? JSON.parse(body).school_name !== school.name : status !== 404)
          traffic.wrong.push(`${host}: ${status} ${body.slice(0, 200)}`);
      } catch (error) {
        traffic.failures.push(`${host}: ${String(error)}`);
      }
    }
  }
  const calls = Array.from({ length: callers }, (_, caller) => call(caller));
  async function stop(): Promise<void> {
    over.abort();
    await Promise.all(calls);
    agent.destroy();
  }
  return traffic;
}
