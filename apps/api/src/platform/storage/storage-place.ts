import { fileURLToPath } from 'node:url';
import { createDiskStorage } from './disk-storage.ts';
import { createS3Storage } from './s3-storage.ts';
import type { Storage, StoragePlace } from './storage.ts';

/**
 * Reads `file:///folder` or `s3://key:secret@host/bucket?region=&path_style=1&tls=0`. Throws a plain sentence, which holds
 * nothing of the address: there is a secret in it.
 */
export function parseStorageUrl(text: string): StoragePlace {
  if (!URL.canParse(text))
    throw new Error('must be an address such as file:///folder or s3://key:secret@host/bucket');
  const url = new URL(text);
  if (url.protocol === 'file:') {
    if (url.host !== '') throw new Error('must have three slashes after file:');
    return { kind: 'disk', folder: fileURLToPath(url) };
  }
  if (url.protocol !== 's3:') throw new Error('must begin with file:// or s3://');
  const bucket = url.pathname.replace(/^\/|\/$/g, '');
  if (url.host === '' || !/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    throw new Error('must name a host and a bucket: s3://key:secret@host/bucket');
  if (url.username === '' || url.password === '')
    throw new Error('must hold a key and its secret: s3://key:secret@host/bucket');
  const flag = (name: string, fallback: boolean): boolean => {
    const value = url.searchParams.get(name) ?? (fallback ? '1' : '0');
    if (value !== '0' && value !== '1') throw new Error(`${name} must be 0 or 1`);
    return value === '1';
  };
  return {
    kind: 's3',
    endpoint: `${flag('tls', true) ? 'https' : 'http'}://${url.host}`,
    bucket,
    region: url.searchParams.get('region') || 'us-east-1',
    pathStyle: flag('path_style', false),
    credentials: {
      accessKeyId: decodeURIComponent(url.username),
      secretAccessKey: decodeURIComponent(url.password),
    },
  };
}

/** Opens a place where files are kept. Connects to nothing yet. */
export const openStorage = (place: StoragePlace): Storage =>
  place.kind === 'disk' ? createDiskStorage(place.folder) : createS3Storage(place);
