import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Answered } from './access-log.plugin.ts';

export type Metrics = ReturnType<typeof createMetrics>;

const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const INVALIDATION_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];
const JOB_SECONDS = [0.01, 0.05, 0.1, 0.5, 1, 5, 15, 60, 300, 1_800, 7_200];

/**
 * What this process counts. No figure names a school: with thousands of them each would be a series of its own, and how much
 * a school is used is the school's.
 */
export function createMetrics() {
  const registry = new Registry();
  const requests = new Histogram({
    name: 'preau_http_request_duration_seconds',
    help: 'Requests answered, by the template of their route',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
    registers: [registry],
  });
  const jobs = new Histogram({
    name: 'preau_job_duration_seconds',
    help: 'Jobs that have ended here, provisioning over HTTP among them',
    labelNames: ['kind', 'status'],
    buckets: JOB_SECONDS,
    registers: [registry],
  });
  const hosts = new Counter({
    name: 'preau_host_loads_total',
    help: 'Hosts that were not in memory, by who answered for them and whether there is such a host',
    labelNames: ['layer', 'known'],
    registers: [registry],
  });
  const changes = new Histogram({
    name: 'preau_invalidation_delay_seconds',
    help: 'From a change, before its commit, to the moment when this process has forgotten what it knew; by two clocks',
    buckets: INVALIDATION_SECONDS,
    registers: [registry],
  });
  const sockets = new Gauge({
    name: 'preau_sockets',
    help: 'Sockets open here',
    registers: [registry],
  });
  const closed = new Counter({
    name: 'preau_sockets_closed_total',
    help: 'Sockets that this process closed, by why',
    labelNames: ['code'],
    registers: [registry],
  });
  const refused = new Counter({
    name: 'preau_sockets_refused_total',
    help: 'Sockets that were not opened, by why',
    labelNames: ['code'],
    registers: [registry],
  });
  const received = new Counter({
    name: 'preau_socket_messages_total',
    help: 'Messages that came on sockets, by whether there were too many',
    labelNames: ['verdict'],
    registers: [registry],
  });
  const heard = new Histogram({
    name: 'preau_message_delay_seconds',
    help: 'From a message being put down, before its commit, to its delivery to the sockets here; by two clocks',
    buckets: INVALIDATION_SECONDS,
    registers: [registry],
  });
  return {
    registry,
    realtime: {
      open: sockets,
      closed: (code: string): void => closed.inc({ code }),
      refused: (code: string): void => refused.inc({ code }),
      received: (verdict: string): void => received.inc({ verdict: verdict.replace(' ', '_') }),
      heard: (milliseconds: number): void => heard.observe(Math.max(0, milliseconds) / 1_000),
    },
    changeHeard: (milliseconds: number): void => changes.observe(milliseconds / 1_000),
    hostLoaded: (layer: string, known: boolean): void => hosts.inc({ layer, known: String(known) }),
    answered({ method, route, status, ms }: Answered): void {
      requests.observe({ method, route, status }, ms / 1_000);
    },
    jobEnded(kind: string, status: string, startedAt: Date): void {
      jobs.observe({ kind, status }, (Date.now() - startedAt.getTime()) / 1_000);
    },
  };
}
