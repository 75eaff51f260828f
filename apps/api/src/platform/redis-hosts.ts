import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Forgetting, SharedHosts } from '@preau/tenancy';
import { Redis } from 'ioredis';

export interface RedisHosts<R> extends SharedHosts<R> {
  /** Whether it is used now. */
  usable(): boolean;
  /** Resolves once it is used. */
  whenUsable(): Promise<void>;
  close(): void;
}

export interface RedisHostsOptions {
  url: string;
  /** Apart from other installations on the same server. */
  installation: string;
  /** Changes with the shape of the rows: what another version of the product kept is not read. */
  shape: string;
  /** Milliseconds after which what is kept is read again from the database; 600,000 unless told. */
  ttl?: number;
  /** Milliseconds that an answer is waited for before Redis is done without; 100 unless told. */
  patience?: number;
  onError?(error: Error): void;
}

type Forgotten = `tenant:${string}` | `host:${string}` | 'all';

/** Milliseconds between attempts to use it again. */
const COME_BACK = 250;
/** Attempts without an answer after which the connection is given up for a new one. */
const MOST_ATTEMPTS = 12;

// Deletes first: a server that is out of memory refuses the rest.
const FORGET_TENANT = `
for _, host in ipairs(redis.call('SMEMBERS', KEYS[2])) do redis.call('DEL', KEYS[3] .. host) end
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;
const FORGET_HOST = `
redis.call('DEL', KEYS[2])
redis.call('SET', KEYS[1], ARGV[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;
const FORGET_ALL = `
redis.call('SET', KEYS[2], ARGV[1])
redis.call('SET', KEYS[1], ARGV[1])
return redis.call('PUBLISH', ARGV[2], ARGV[3])`;
const KEEP = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[4])
redis.call('PEXPIRE', KEYS[3], ARGV[3] * 2)
return 1`;

interface Commands extends Redis {
  forgetTenant(...words: string[]): Promise<number>;
  forgetHost(...words: string[]): Promise<number>;
  forgetAll(...words: string[]): Promise<number>;
  keepHost(...words: (string | number)[]): Promise<number>;
}

/**
 * Hosts in Redis, for all processes of an installation.
 *
 * An entry is good in one epoch, and kept only under the stamp that was read before the database was: both are random, so that
 * neither comes again after the server was emptied. Forgetting is one script: delete, new stamp, tell. A process that could not
 * forget (server gone, answer late) stops reading, and begins again only after it has begun a new epoch, in which nothing old is
 * good. The same when it finds on coming that nobody was there to forget.
 */
export function createRedisHosts<R extends { id: string }>(options: RedisHostsOptions): RedisHosts<R> {
  const { url, installation, shape, ttl = 600_000, patience = 100, onError = () => {} } = options;
  const prefix = `{preau:${installation}}:`;
  const GENERATION = `${prefix}generation`;
  const EPOCH = `${prefix}epoch`;
  const CHANNEL = `${prefix}changes`;
  const entryOf = (host: string): string => `${prefix}host:${host}`;
  const hostsOf = (tenantId: string): string => `${prefix}tenant:${tenantId}`;
  const me = randomUUID();

  const connection = {
    lazyConnect: true,
    connectTimeout: 2_000,
    maxRetriesPerRequest: 0,
    // Nothing is to wait for a server that is gone.
    enableOfflineQueue: false,
    retryStrategy: (times: number) => Math.min(50 * 2 ** times, 1_000),
  };
  const commands = new Redis(url, connection) as Commands;
  const subscriber = new Redis(url, { ...connection, autoResubscribe: false });
  for (const [name, lua, numberOfKeys] of [
    ['forgetTenant', FORGET_TENANT, 3],
    ['forgetHost', FORGET_HOST, 2],
    ['forgetAll', FORGET_ALL, 2],
    ['keepHost', KEEP, 3],
  ] as const)
    commands.defineCommand(name, { lua, numberOfKeys });

  let usable = false;
  /** Of changes that could not be forgotten there, and how many of them a new epoch has made good. */
  let debts = 0;
  let paid = 0;
  let joined = false;
  let recovering = false;
  /** One outage is told of once, not at each attempt to come back. */
  let told = false;
  let listener: Forgetting | undefined;
  const closing = new AbortController();
  const waiting: (() => void)[] = [];

  /** Its answer, if it comes in time. */
  async function inTime<A>(answer: Promise<A>): Promise<A> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error('Redis does not answer in time')), patience);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
  }

  function tell(error: unknown): void {
    if (told || closing.signal.aborted) return;
    told = true;
    onError(error instanceof Error ? error : new Error(String(error)));
  }

  function doWithout(error: unknown): void {
    if (closing.signal.aborted) return;
    usable = false;
    tell(error);
    void recover();
  }

  /** Reading begins in a new epoch when something was not forgotten, by us or because nobody was there. */
  async function settle(): Promise<void> {
    if (!joined) {
      const [, listening] = (await inTime(commands.pubsub('NUMSUB', CHANNEL))) as [string, number];
      if (listening === 0) debts += 1;
      joined = true;
    }
    while (paid < debts) {
      // More may come while the answer is on its way.
      const upTo = debts;
      await forgetAll();
      paid = upTo;
    }
    usable = true;
    told = false;
    for (const resolve of waiting.splice(0)) resolve();
    if (subscriber.status === 'wait') subscriber.connect().catch(tell);
  }

  async function recover(): Promise<void> {
    if (recovering) return;
    recovering = true;
    for (let attempts = 1; !closing.signal.aborted && !usable; attempts += 1) {
      try {
        await inTime(commands.ping());
        await settle();
      } catch {
        if (attempts % MOST_ATTEMPTS === 0 && commands.status === 'ready') commands.disconnect(true);
        await delay(COME_BACK, undefined, { signal: closing.signal, ref: false }).catch(() => {});
      }
    }
    recovering = false;
  }

  const message = (forgotten: Forgotten): string => `${me}|${forgotten}`;
  const forgetAll = () =>
    inTime(commands.forgetAll(GENERATION, EPOCH, randomUUID(), CHANNEL, message('all')));

  function forget(send: () => Promise<unknown>): void {
    if (usable)
      inTime(send()).catch((error: unknown) => {
        debts += 1;
        doWithout(error);
      });
    else debts += 1;
  }

  async function beginStamps(): Promise<void> {
    await Promise.all([EPOCH, GENERATION].map((key) => commands.set(key, randomUUID(), 'NX')));
  }

  async function look(host: string) {
    const [stamp, epoch, entry] = await commands.mget(GENERATION, EPOCH, entryOf(host));
    return stamp && epoch ? { stamp, epoch, entry } : null;
  }

  function rowOf(entry: string | null | undefined, epoch: string): R | undefined {
    if (!entry) return undefined;
    const [itsShape, itsEpoch, row] = JSON.parse(entry) as [string, string, R];
    return itsShape === shape && itsEpoch === epoch ? row : undefined;
  }

  subscriber.on('message', (_channel, text) => {
    const [from, forgotten = ''] = text.split('|');
    if (from === me) return;
    const colon = forgotten.indexOf(':');
    const kind = forgotten.slice(0, colon);
    if (kind === 'tenant' || kind === 'host') listener?.[kind](forgotten.slice(colon + 1));
    else listener?.all();
  });
  // Whatever was told while nobody listened has been missed.
  subscriber.on('ready', () => {
    subscriber.subscribe(CHANNEL).then(
      () => listener?.all(),
      () => subscriber.disconnect(true),
    );
  });
  commands.on('ready', () => void recover());
  commands.on('close', () => doWithout(new Error('The connection to Redis was lost')));
  for (const redis of [commands, subscriber]) redis.on('error', tell);
  commands.connect().catch(tell);

  return {
    usable: () => usable,
    whenUsable: () =>
      new Promise((resolve) => {
        if (usable) resolve();
        else waiting.push(resolve);
      }),
    async find(host) {
      if (!usable) return null;
      try {
        let seen = await inTime(look(host));
        if (!seen) {
          await inTime(beginStamps());
          seen = await inTime(look(host));
        }
        return seen && usable
          ? { row: rowOf(seen.entry, seen.epoch), stamp: `${seen.epoch}|${seen.stamp}` }
          : null;
      } catch (error) {
        doWithout(error);
        return null;
      }
    },
    keep(host, row, stamps) {
      if (!usable) return;
      const [epoch = '', stamp = ''] = stamps.split('|');
      const entry = JSON.stringify([shape, epoch, row]);
      inTime(commands.keepHost(GENERATION, entryOf(host), hostsOf(row.id), stamp, entry, ttl, host)).catch(
        doWithout,
      );
    },
    forget: {
      tenant: (id) =>
        forget(() =>
          commands.forgetTenant(
            GENERATION,
            hostsOf(id),
            entryOf(''),
            randomUUID(),
            CHANNEL,
            message(`tenant:${id}`),
          ),
        ),
      host: (host) =>
        forget(() =>
          commands.forgetHost(GENERATION, entryOf(host), randomUUID(), CHANNEL, message(`host:${host}`)),
        ),
      all: () => forget(forgetAll),
    },
    listen(forgetting) {
      listener = forgetting;
    },
    close() {
      closing.abort();
      usable = false;
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}
