import { lookup, type LookupAddress } from 'node:dns';
import { BlockList, isIP } from 'node:net';
import { Agent, fetch, type RequestInit, type Response } from 'undici';

const NOT_PUBLIC_4 = new BlockList();
// A list of its own: one list for both would find every IPv4 address in the block of mapped ones.
const NOT_PUBLIC_6 = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  NOT_PUBLIC_4.addSubnet(net, prefix, 'ipv4');
// The one block of IPv6 that is given out lies outside these; mapped IPv4 addresses are inside.
for (const [net, prefix] of [
  ['::', 3],
  ['4000::', 2],
  ['8000::', 1],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
] as const)
  NOT_PUBLIC_6.addSubnet(net, prefix, 'ipv6');

/** Whether an address is somebody's on the Internet: not this machine, nor a network of the house. */
export const isPublicAddress = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !NOT_PUBLIC_4.check(address, 'ipv4');
  return family === 6 && !NOT_PUBLIC_6.check(address, 'ipv6');
};

export class PrivateAddressError extends Error {
  constructor(host: string) {
    super(`${host} is not an address of the Internet`);
    this.name = 'PrivateAddressError';
  }
}

export interface PublicFetchOptions {
  /** Addresses of this machine and of the house too: for development. */
  allowPrivate: boolean;
  /** Milliseconds for which an answer is waited for. */
  patience: number;
  mostBytes: number;
}

/**
 * Fetches what somebody named. Addresses are checked where the connection is made, after the name was looked up: a name that
 * answers otherwise the second time gets nowhere. Redirects are not followed.
 */
export function createPublicFetch({ allowPrivate, patience, mostBytes }: PublicFetchOptions) {
  const agent = new Agent({
    connect: {
      timeout: patience,
      lookup: (hostname, options, callback) => {
        lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
          if (error) return callback(error, '');
          const refused = !allowPrivate && addresses.some(({ address }) => !isPublicAddress(address));
          if (refused || !addresses[0]) return callback(new PrivateAddressError(hostname), '');
          if (options.all) return callback(null, addresses);
          callback(null, addresses[0].address, addresses[0].family);
        });
      },
    },
    headersTimeout: patience,
    bodyTimeout: patience,
    maxResponseSize: mostBytes,
  });

  return async (url: string, options: RequestInit = {}): Promise<Response> => {
    const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
    // A name is looked up, an address is not.
    if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) throw new PrivateAddressError(host);
    return fetch(url, { ...options, redirect: 'manual', dispatcher: agent });
  };
}
