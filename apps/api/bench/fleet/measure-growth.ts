import { readFileSync } from 'node:fs';
import { SYSTEM } from '../../src/features/audit/index.ts';
import { ask } from '../ask.ts';
import type { Installation } from '../installation.ts';
import { ordinarySchool } from '../school.ts';
import { median } from '../statistics.ts';
import { growTo } from './grow.ts';

export interface SizeFigures {
  schools: number;
  /** Milliseconds, creation and provisioning of one school. */
  creation: number;
  /** Resident memory of the server after every school has been asked for, MB. */
  memory: number;
}

function residentMemory(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}

/** Grows the fleet to a size, asks the server for every school, and creates some more. */
export async function measureAt(
  installation: Installation,
  schools: number,
  times: number,
): Promise<SizeFigures> {
  const { services, server } = installation;
  await growTo(installation, schools);
  const { rows } = await installation.database.knex.raw(
    "SELECT domain FROM public.domains WHERE kind = 'subdomain' AND status = 'active'",
  );
  const domains = (rows as { domain: string }[]).map(({ domain }) => domain);
  // As many requests at every size, so that only the number of schools differs.
  for (let at = 0; at < Math.max(domains.length, 1_000); at += 1) {
    const host = domains[at % domains.length] ?? '';
    await ask(`${server.url}/api/v1/current-tenant/theme/`, { headers: { host } });
  }
  const memory = residentMemory(server.pid);
  const spent: number[] = [];
  for (let at = 0; at < times; at += 1) {
    const began = performance.now();
    const { tenant } = await services.tenants.create(SYSTEM, ordinarySchool(`made-${schools}-${at}`));
    await services.provisioning.provision(SYSTEM, tenant.id);
    spent.push(performance.now() - began);
  }
  return { schools, creation: median(spent), memory };
}
