import { Counter, Histogram, Registry } from 'prom-client';
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
  return {
    registry,
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
