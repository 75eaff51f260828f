import type { BulkReport } from '@preau/contracts/tenant-bulk';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSchool, type School } from '../../../test/support/builders.ts';
import { type Client, platformKey, superadmin } from '../../../test/support/clients.ts';
import { createTestApp, SUPERADMIN, type TestApp } from '../../../test/support/harness.ts';
import { endOfJob } from '../../../test/support/jobs.ts';
import { expectProblem, expectRefusal } from '../../../test/support/refusals.ts';
import { SYSTEM } from '../audit/index.ts';

let t: TestApp;
let admin: Client;
let network: School;
beforeAll(async () => {
  t = await createTestApp({ jobs: [], feed: true });
  admin = await superadmin(t);
  network = await createSchool(t, { school_type: 'network', subdomain: 'lot', school_name: 'Réseau du Lot' });
});
afterAll(() => t.close());

const schools = (count: number): Promise<School[]> =>
  Promise.all(Array.from({ length: count }, () => createSchool(t, { network: network.subdomain })));
const statusOf = async ({ id }: { id: string }): Promise<string> =>
  (await admin.get(`/tenants/${id}/`)).body.status;

async function order(body: object): Promise<{ report: BulkReport; jobId: string; count: number }> {
  const answer = await admin.post('/tenants/bulk/', body);
  expect(answer.status, answer.text).toBe(202);
  expect(answer.headers['location']).toBe(`/api/v1/jobs/${answer.body.job_id}/`);
  const { result } = await endOfJob(t, answer.body.job_id);
  return { report: result as BulkReport, jobId: answer.body.job_id, count: answer.body.count };
}

describe('one change of many schools', () => {
  it('closes those that are open, says of each what became of it, and is undone by the opposite', async () => {
    const open = await schools(2);
    const [closed] = await schools(1);
    const pending = await createSchool(t, { provisioned: false });
    await admin.post(`/tenants/${closed?.id}/deactivate/`, { reason: 'Incendie' });
    const ids = [...open, closed as School, pending].map(({ id }) => id);

    const { report, count } = await order({ action: 'deactivate', tenants: ids, reason: ' Maintenance ' });
    expect(count).toBe(4);
    expect(report.counts).toEqual({ changed: 2, unchanged: 1, failed: 1 });
    const of = (id: string) => report.lines.find((line) => line.id === id);
    for (const { id, subdomain } of open) expect(of(id)).toMatchObject({ outcome: 'changed', subdomain });
    expect(of(closed?.id ?? '')).toMatchObject({ outcome: 'unchanged', code: null });
    expect(of(pending.id)).toMatchObject({ outcome: 'failed', code: 'not_provisioned' });
    expect(of(pending.id)?.message).toBe('L’espace de cet établissement n’existe pas encore.');
    const { body } = await admin.get(`/tenants/${open[0]?.id}/`);
    expect(body).toMatchObject({ status: 'inactive', inactive_reason: 'Maintenance' });
    // The one that was closed already keeps its own reason.
    expect((await admin.get(`/tenants/${closed?.id}/`)).body.inactive_reason).toBe('Incendie');

    const changed = report.lines.filter(({ outcome }) => outcome === 'changed').map(({ id }) => id);
    const undone = await order({ action: 'activate', tenants: changed });
    expect(undone.report.counts).toEqual({ changed: 2, unchanged: 0, failed: 0 });
    expect(await statusOf(open[0] as School)).toBe('active');
    expect(await statusOf(closed as School)).toBe('inactive');
  });

  it('writes each school’s own line of the trail, in the name of whoever ordered it', async () => {
    const [one] = await schools(1);
    await order({ action: 'deactivate', tenants: [one?.id], reason: 'Travaux' });
    const { body } = await admin.get('/audit_log/', {
      query: { tenant: one?.id ?? '', action: 'tenant.deactivate' },
    });
    expect(body.results).toHaveLength(1);
    expect(body.results[0]).toMatchObject({
      actor: SUPERADMIN.email,
      before: { status: 'active' },
      after: { status: 'inactive', reason: 'Travaux' },
    });
  });

  it('takes what a list would show: all that match, or those of the named that do', async () => {
    const ours = await schools(2);
    const other = await createSchool(t);
    const { count } = await order({
      action: 'deactivate',
      tenants: [...ours, other].map(({ id }) => id),
      matching: { network: 'lot', status: 'active' },
    });
    expect(count).toBe(2);
    expect(await statusOf(other)).toBe('active');
    const { report } = await order({ action: 'activate', matching: { network: 'lot', status: 'inactive' } });
    expect(report.lines.map(({ id }) => id)).toEqual(expect.arrayContaining(ours.map(({ id }) => id)));
  });

  it('begun again after a kill, counts as changed what the first attempt changed', async () => {
    const [one] = await schools(1);
    await admin.post(`/tenants/${one?.id}/deactivate/`);
    const report = await t.services.tenantBulk.run({
      payload: {
        action: 'deactivate',
        schools: [{ id: one?.id ?? '', status: 'active' }],
        reason: null,
        language: 'fr',
      },
      origin: SYSTEM,
      signal: new AbortController().signal,
      progress: () => undefined,
    });
    expect(report.counts).toEqual({ changed: 1, unchanged: 0, failed: 0 });
  });

  it('refuses a choice of nothing, of none and of too much, and changes nothing', async () => {
    await expectRefusal(t, () => admin.post('/tenants/bulk/', { action: 'deactivate' }), {
      code: 'invalid_input',
      errors: { tenants: 'required' },
    });
    const none = { action: 'deactivate', matching: { search: 'zzzzz' } };
    await expectRefusal(t, () => admin.post('/tenants/bulk/', none), { code: 'no_school_matches' });
    const many = Array.from({ length: 1_001 }, () => network.id);
    expect((await admin.post('/tenants/bulk/', { action: 'activate', tenants: many })).status).toBe(400);
    const archive = { action: 'archive', matching: {} };
    await expectRefusal(t, () => admin.post('/tenants/bulk/', archive), {
      code: 'invalid_input',
      errors: { action: 'enum' },
    });
  });

  it('is for whoever may open and close schools', async () => {
    const reader = await platformKey(t, ['tenants:read', 'tenants:update']);
    const body = { action: 'deactivate', matching: {} };
    expectProblem(await reader.post('/tenants/bulk/', body), { code: 'permission_denied' });
  });
});

describe('schools as a file', () => {
  it('has the chosen ones with their names as texts, and is put down', async () => {
    const risky = await createSchool(t, { school_name: '=CMD()', network: 'lot' });
    const answer = await admin.post('/tenants/export/', { tenants: [risky.id] });
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="schools-\d{4}-.*\.csv"$/);
    const rows = parse<Record<string, string>>(answer.text, { columns: true, bom: true });
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({
      id: risky.id,
      name: "'=CMD()",
      subdomain: risky.subdomain,
      status: 'active',
      network: 'lot',
    });
    const { body } = await admin.get('/audit_log/', { query: { action: 'tenants.export' } });
    expect(body.results[0]).toMatchObject({ actor: SUPERADMIN.email, after: { count: 1 } });
  });

  it('has all that match', async () => {
    const answer = await admin.post('/tenants/export/', { matching: { network: 'lot' } });
    const rows = parse<Record<string, string>>(answer.text, { columns: true, bom: true });
    const { body } = await admin.get('/tenants/', { query: { network: 'lot', page_size: 1 } });
    expect(rows).toHaveLength(body.count);
  });
});
