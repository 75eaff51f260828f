import type { CustomFetch } from 'openid-client';
import { createPublicFetch } from '../../platform/public-fetch.ts';

/** Milliseconds for which an answer of a provider is waited for. */
const PATIENCE = 5_000;
const MOST_BYTES = 1024 * 1024;

/** Fetches what a school's administrator named as its provider of log-ins. */
export function createProviderFetch({ allowPrivate }: { allowPrivate: boolean }): CustomFetch {
  const fetch = createPublicFetch({ allowPrivate, patience: PATIENCE, mostBytes: MOST_BYTES });
  return async (url, options) => fetch(url, options);
}
