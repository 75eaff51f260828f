import pg from 'pg';
import type { CentralTrx, TenantTrx } from '../run/tenancy.ts';

/** What changed: everything known of a tenant, one host, one login session, one API key, or one job. */
export interface Change {
  kind: 'tenant' | 'host' | 'session' | 'key' | 'job';
  id: string;
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
  onError?(error: Error): void;
  /** Milliseconds between attempts to come back; 500 unless told. */
  retryAfter?: number;
}

const CHANNEL = 'preau_changes';

/**
 * Announces a change to every process of the installation. PostgreSQL delivers it when the transaction commits, and
 * never when it rolls back.
 */
export async function publishChange(trx: CentralTrx | TenantTrx, change: Change): Promise<void> {
  await trx.raw('SELECT pg_notify(?, ?)', [CHANNEL, `${change.kind}:${change.id}`]);
}

/** Listens to the changes of all processes on one connection of its own, and reconnects for ever. */
export async function createChangeFeed(options: ChangeFeedOptions): Promise<ChangeFeed> {
  const { url, onChange, onGap, onError = () => {}, retryAfter = 500 } = options;
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  async function listen(): Promise<void> {
    const next = new pg.Client({
      connectionString: url,
      application_name: 'preau changes',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    });
    next.on('notification', ({ payload = '' }) => {
      const colon = payload.indexOf(':');
      onChange({ kind: payload.slice(0, colon) as Change['kind'], id: payload.slice(colon + 1) });
    });
    // The two events can both come; only the first starts a new attempt.
    const lost = (error?: Error) => {
      if (client !== next) return;
      client = undefined;
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
  }

  function comeBack(): void {
    if (closed) return;
    timer = setTimeout(() => {
      listen().then(onGap, (error: Error) => {
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
