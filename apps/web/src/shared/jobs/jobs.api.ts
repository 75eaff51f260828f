import type * as contracts from '@preau/contracts/jobs';
import { call } from '../http.ts';

export const getJob = (id: string) => call<typeof contracts.getJob>('GET', '/jobs/:id/', { params: { id } });

export const listJobs = (query: contracts.JobQuery) =>
  call<typeof contracts.listJobs>('GET', '/jobs/', { query });

export const cancelJob = (id: string) =>
  call<typeof contracts.cancelJob>('POST', '/jobs/:id/cancel/', { params: { id } });

/** The latest job of a kind about a school, or null. */
export async function latestJob(kind: string, tenant: string): Promise<contracts.Job | null> {
  const { results } = await call<typeof contracts.listJobs>('GET', '/jobs/', {
    query: { kind, tenant, page_size: 1 },
  });
  return results[0] ?? null;
}
