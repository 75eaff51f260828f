import pg from 'pg';
import type { CentralTrx, TenantTrx } from '../run/tenancy.ts';

/**
 * What changed: everything known of a tenant, one host, one login session, one API key, one job, or who is in the groups of a
 * tenant (by its id); or, with `message`, what is to be said to open sockets, as JSON of some 5,000 bytes at most.
 */
export interface Change {
  kind: 'tenant' | 'host' | 'session' | 'key' | 'job' | 'groups' | 'message';
  id: string;
  /** Why a session ended, in a word of lower case, where whoever ended it says so. */
  why?: string;
}

export interface ChangeFeed {
  close(): Promise<void>;
}

export interface ChangeFeedOptions {
  /** A direct address: a transaction pooler does not carry LISTEN. */
  url: string;
  onChange(change: Change): void;
  /** The feed was cut for a while and is back: anything may have changed. */
  onGap(): void;
  /**
   * True: changes may be missed from now on, since the line is cut or does not answer. False: it answers again, after `onGap`
   * if it was cut. What must not be stale is to be read from the database meanwhile.
   */
  onDoubt?(doubt: boolean): void;
  onError?(error: Error): void;
  /** Milliseconds between a change, before its commit, and the end of `onChange`, by the clocks of two machines. */
  onDelay?(milliseconds: number): void;
  /** Milliseconds between attempts to come back; 500 unless told. */
  retryAfter?: number;
}

const CHANNEL = 'preau_changes';
/** Milliseconds between two questions to the line, and those it has to answer one: a dead one is doubted within their sum. */
const PATIENCE = 400;
/** Times that an answer is waited for before the line is given up. */
const MOST_WAITS = 20;

/**
 * Announces a change to every process of the installation. PostgreSQL delivers it when the transaction commits, and
 * never when it rolls back.
 */
export async function publishChange(trx: CentralTrx | TenantTrx, change: Change): Promise<void> {
  await trx.raw(`SELECT pg_notify(?, ? || '@' || (extract(epoch FROM clock_timestamp()) * 1000)::bigint)`, [
    CHANNEL,
    `${change.kind}:${change.id}${change.why === undefined ? '' : `#${change.why}`}`,
  ]);
}

function readChange(payload: string): Change {
  const colon = payload.indexOf(':');
  const kind = payload.slice(0, colon) as Change['kind'];
  const id = payload.slice(colon + 1, payload.lastIndexOf('@'));
  const mark = kind === 'session' ? id.indexOf('#') : -1;
  return mark < 0 ? { kind, id } : { kind, id: id.slice(0, mark), why: id.slice(mark + 1) };
}

/** The socket, which the library does not show. */
const socketOf = (client: pg.Client): { destroy(error: Error): void } =>
  (client as unknown as { connection: { stream: { destroy(error: Error): void } } }).connection.stream;

/** Listens to the changes of all processes on one connection of its own, and reconnects for ever. */
export async function createChangeFeed(options: ChangeFeedOptions): Promise<ChangeFeed> {
  const {
    url,
    onChange,
    onGap,
    onError = () => {},
    onDoubt = () => {},
    onDelay = () => {},
    retryAfter = 500,
  } = options;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let doubtful = false;
  const doubt = (now: boolean): void => {
    if (now === doubtful || closed) return;
    doubtful = now;
    onDoubt(now);
  };

  /** Asks the line again and again. Answers and notifications come in one order: an answer means that none is missing. */
  function watch(line: pg.Client): void {
    let waits = 0;
    const asking = setInterval(() => {
      if (client !== line) return clearInterval(asking);
      waits += 1;
      if (waits > 1) doubt(true);
      if (waits > MOST_WAITS) socketOf(line).destroy(new Error('the line does not answer'));
      if (waits > 1) return;
      line.query('SELECT', (error) => {
        // Its end is told by the line itself.
        if (error) return;
        waits = 0;
        if (client === line) doubt(false);
      });
    }, PATIENCE);
    asking.unref();
  }

  async function listen(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'preau changes',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    next.on('notification', ({ payload = '' }) => {
      onChange(readChange(payload));
      onDelay(Math.max(0, Date.now() - Number(payload.slice(payload.lastIndexOf('@') + 1))));
    });
    // The two events can both come; only the first starts a new attempt.
    const lost = (error?: Error) => {
      if (client !== next) return;
      client = undefined;
      doubt(true);
      if (error) onError(error);
      comeBack();
    };
    next.on('error', lost);
    next.on('end', () => lost());
    try {
      await next.connect();
      await next.query(`LISTEN ${CHANNEL}`);
    } catch (error) {
      await next.end().catch(() => {});
      throw error;
    }
    client = next;
    watch(next);
  }

  function comeBack(): void {
    if (closed) return;
    timer = setTimeout(() => {
      const back = () => {
        onGap();
        doubt(false);
      };
      listen().then(back, (error: Error) => {
        onError(error);
        comeBack();
      });
    }, retryAfter);
    timer.unref();
  }

  await listen();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      const last = client;
      client = undefined;
      await last?.end();
    },
  };
}
