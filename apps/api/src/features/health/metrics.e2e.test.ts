import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { superadmin, visitor } from '../../../test/support/clients.ts';
import { cutLine, type CutLine } from '../../../test/support/cut-line.ts';
import { createTestApp, platformDatabase, type TestApp } from '../../../test/support/harness.ts';
import { serveMetrics, startMetrics, type MetricsServer } from '../../platform/metrics-server.ts';
import { registerGauges } from './gauges.ts';

let t: TestApp;
let line: CutLine;
let school: School;
let server: MetricsServer;
let dropDatabase: () => Promise<void>;

beforeAll(async () => {
  const fresh = await platformDatabase();
  dropDatabase = fresh.drop;
  line = await cutLine(fresh.url);
  t = await createTestApp({ fresh, url: line.url });
  school = await createSchool(t);
  registerGauges(t.services);
  server = await serveMetrics(t.services.metrics.registry, { port: 0, host: '127.0.0.1' });
});
afterAll(async () => {
  await server.close();
  await t.close();
  await line.close();
  await dropDatabase();
});

const scrape = async (): Promise<string> => (await fetch(`http://127.0.0.1:${server.port}/metrics`)).text();
/** The figure of one series; undefined when there is none. */
const figure = (text: string, series: string): number | undefined => {
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return found === undefined ? undefined : Number(found.slice(series.length + 1));
};

describe('the metrics', () => {
  it('are whole at the first question', async () => {
    const text = await scrape();
    expect(figure(text, 'preau_database_up')).toBe(1);
    expect(figure(text, 'preau_schools{status="active"}')).toBe(1);
    expect(figure(text, 'preau_db_pool_opened_total')).toBeGreaterThan(0);
    expect(figure(text, 'preau_db_pool_waiting')).toBe(0);
  });

  it('count requests by the template of their route, and name no school', async () => {
    const route = '/api/v1/tenants/:id/';
    const series = `preau_http_request_duration_seconds_count{method="GET",route="${route}",status="200"}`;
    const before = figure(await scrape(), series) ?? 0;
    const admin = await superadmin(t);
    for (let time = 0; time < 3; time += 1) await admin.get(`/tenants/${school.id}/`);
    await visitor(t, school.host).get('/nothing/here/');
    const text = await scrape();
    expect(figure(text, series)).toBe(before + 3);
    expect(text).not.toContain(school.id);
    expect(text).not.toContain(school.host);
    expect(text).not.toContain('/nothing/here');
  });

  it('tell of the pool, the schools, the jobs, and of what was provisioned', async () => {
    const pending = await createSchool(t, { provisioned: false });
    await (await superadmin(t)).post(`/tenants/${pending.id}/provision/`);
    const text = await scrape();
    expect(figure(text, 'preau_database_up')).toBe(1);
    expect(figure(text, 'preau_schools{status="active"}')).toBeGreaterThan(0);
    expect(figure(text, 'preau_schools_behind')).toBe(0);
    expect(figure(text, 'preau_ready_schemas')).toBe(0);
    expect(figure(text, 'preau_jobs_longest_wait_seconds')).toBe(0);
    expect(figure(text, 'preau_db_pool_connections{state="max"}')).toBe(6);
    expect(
      figure(text, 'preau_job_duration_seconds_count{kind="tenant.provision",status="done"}'),
    ).toBeGreaterThan(0);
    expect(figure(text, 'process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  it('tell how long a change took to be heard of', async () => {
    const series = 'preau_invalidation_delay_seconds_count';
    const before = figure(await scrape(), series) ?? 0;
    const heard = t.hears('tenant', school.id);
    await (await superadmin(t)).patch(`/tenants/${school.id}/`, { primary_color: '#123456' });
    await heard;
    const text = await scrape();
    expect(figure(text, series)).toBeGreaterThan(before);
    expect(figure(text, 'preau_invalidation_delay_seconds_bucket{le="1"}')).toBe(figure(text, series));
  });

  it('say that the database is gone, and nothing of what only it knows', async () => {
    await line.cut();
    let text = await scrape();
    // What was read a moment ago is not asked again.
    await expect
      .poll(async () => figure((text = await scrape()), 'preau_database_up'), {
        timeout: 20_000,
        interval: 250,
      })
      .toBe(0);
    expect(text).not.toContain('preau_schools{');
    expect(figure(text, 'preau_schools_behind')).toBeUndefined();
    expect(figure(text, 'preau_db_pool_connections{state="max"}')).toBe(6);
    await line.mend();
    await expect
      .poll(async () => figure(await scrape(), 'preau_schools_behind'), { timeout: 20_000, interval: 250 })
      .toBe(0);
  });

  it('are at one address and nowhere else', async () => {
    expect((await fetch(`http://127.0.0.1:${server.port}/`)).status).toBe(404);
    expect((await fetch(`http://127.0.0.1:${server.port}/metrics`, { method: 'POST' })).status).toBe(404);
    const warnings: object[] = [];
    const second = await startMetrics(t.services.metrics.registry, { port: server.port, host: '127.0.0.1' }, {
      warn: (object: object) => void warnings.push(object),
    } as never);
    expect(second).toBeNull();
    expect(warnings).toMatchObject([{ port: server.port }]);
  });
});
