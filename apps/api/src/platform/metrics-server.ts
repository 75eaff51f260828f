import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import { collectDefaultMetrics, type Registry } from 'prom-client';

export interface MetricsServer {
  port: number;
  close(): Promise<void>;
}

/**
 * Answers `GET /metrics` in the text format of Prometheus on a listener of its own, which is not to be reached from outside:
 * it asks nobody who they are.
 * @throws the system's error when the address is taken.
 */
export async function serveMetrics(
  registry: Registry,
  { port, host }: { port: number; host: string },
): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    if (request.url !== '/metrics' || (request.method !== 'GET' && request.method !== 'HEAD')) {
      response.writeHead(404).end();
      return;
    }
    registry.metrics().then(
      (text) => response.writeHead(200, { 'content-type': registry.contentType }).end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(port, host);
  await once(server, 'listening');
  collectDefaultMetrics({ register: registry });
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/**
 * The same for a process that can do without: an address that is taken is said in the log, and whoever scrapes it sees that
 * nothing answers. Port 0 serves none.
 */
export async function startMetrics(
  registry: Registry,
  at: { port: number; host: string },
  logger: Pick<Logger, 'warn'>,
): Promise<MetricsServer | null> {
  if (at.port === 0) return null;
  try {
    return await serveMetrics(registry, at);
  } catch (error) {
    logger.warn({ err: error, port: at.port }, 'metrics are not served: give PREAU_METRICS_PORT another');
    return null;
  }
}
