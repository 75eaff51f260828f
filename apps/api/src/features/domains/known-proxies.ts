import { BlockList, isIPv6 } from 'node:net';

interface KnownProxy {
  name: string;
  /** Ends of names that a CNAME leads to. */
  suffixes: readonly string[];
  /** Address ranges, where they are the proxy's alone. */
  ranges: readonly string[];
}

/**
 * Proxies that schools put before their domain, often unknowingly. The ranges of Cloudflare are those it publishes at
 * https://www.cloudflare.com/ips/ and change once in years; one that is not listed here shows as « leads elsewhere ».
 */
const PROXIES: readonly KnownProxy[] = [
  {
    name: 'Cloudflare',
    suffixes: ['.cdn.cloudflare.net'],
    ranges: [
      '173.245.48.0/20',
      '103.21.244.0/22',
      '103.22.200.0/22',
      '103.31.4.0/22',
      '141.101.64.0/18',
      '108.162.192.0/18',
      '190.93.240.0/20',
      '188.114.96.0/20',
      '197.234.240.0/22',
      '198.41.128.0/17',
      '162.158.0.0/15',
      '104.16.0.0/13',
      '104.24.0.0/14',
      '172.64.0.0/13',
      '131.0.72.0/22',
      '2400:cb00::/32',
      '2606:4700::/32',
      '2803:f800::/32',
      '2405:b500::/32',
      '2405:8100::/32',
      '2a06:98c0::/29',
      '2c0f:f248::/32',
    ],
  },
  { name: 'Amazon CloudFront', suffixes: ['.cloudfront.net'], ranges: [] },
  { name: 'Azure Front Door', suffixes: ['.azurefd.net', '.azureedge.net'], ranges: [] },
  { name: 'Fastly', suffixes: ['.fastly.net', '.fastlylb.net'], ranges: [] },
  { name: 'Akamai', suffixes: ['.edgekey.net', '.edgesuite.net', '.akamaiedge.net'], ranges: [] },
  { name: 'Bunny', suffixes: ['.b-cdn.net'], ranges: [] },
];

const lists = PROXIES.map(({ ranges }) => {
  const list = new BlockList();
  for (const range of ranges) {
    const [address = '', bits] = range.split('/');
    list.addSubnet(address, Number(bits), isIPv6(address) ? 'ipv6' : 'ipv4');
  }
  return list;
});

/** The proxy that a name leads to, by what its CNAME or any of its addresses says; null for none that is known. */
export function proxyOf(aliases: readonly string[], addresses: readonly string[]): string | null {
  const found = PROXIES.find(
    ({ suffixes }, at) =>
      aliases.some((alias) => suffixes.some((suffix) => alias.endsWith(suffix))) ||
      addresses.some((address) => lists[at]?.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')),
  );
  return found?.name ?? null;
}
