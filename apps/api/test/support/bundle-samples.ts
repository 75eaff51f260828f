import type { BundleKind, BundleCause } from '@preau/contracts/vocabulary';
import { OPERATOR } from '../../src/features/audit/index.ts';
import type { School } from './builders.ts';
import type { TestApp } from './harness.ts';

interface Sample {
  params?: Record<string, string>;
  body?: object;
  upload?: Buffer;
}

let counter = 0;

/** A run that nobody watches. */
export const unwatched = {
  signal: new AbortController().signal,
  progress() {},
  step: <R>(_: string, work: () => Promise<R>): Promise<R> => work(),
};

/** An archive that is there, made here: for an application that runs no jobs. */
export async function madeBundle(
  { services, sql }: TestApp,
  school: School,
  asked: { kind?: BundleKind; cause?: BundleCause } = {},
): Promise<string> {
  const { bundle_id: id, job_id } = await services.bundles.make(OPERATOR, school.id, asked);
  await services.bundleMaker.make(unwatched, id);
  await sql("UPDATE public.jobs SET status = 'done', finished_at = now() WHERE id = $1", [job_id]);
  return id;
}

const bid = async (t: TestApp, school: School): Promise<Sample> => ({
  params: { bid: await madeBundle(t, school) },
});

/** All bytes of an archive, as it is downloaded. */
export async function bytesOfBundle({ services }: TestApp, school: School, id: string): Promise<Buffer> {
  const { content } = await services.bundles.download(OPERATOR, id, school.id);
  return Buffer.concat(await content.toArray());
}

/** What routes of archives need to be there, and what to send them. */
export const BUNDLE_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  getBundle: bid,
  downloadBundle: bid,
  verifyBundle: bid,
  deleteBundle: bid,
  restoreBundle: async (t, school) => ({
    ...(await bid(t, school)),
    body: { mode: 'copy', subdomain: `copie-${(counter += 1)}` },
  }),
  restoreErased: async (t, school) => ({
    params: { id: await madeBundle(t, school) },
    body: { mode: 'copy', subdomain: `copie-${(counter += 1)}` },
  }),
  importBundle: async (t, school) => ({
    upload: await bytesOfBundle(t, school, await madeBundle(t, school, { kind: 'export' })),
  }),
};
