import { NODATA, NOTFOUND } from 'node:dns';
import { Resolver } from 'node:dns/promises';

/** What DNS says of a name: its records, none among them; or why nothing can be said. */
export type DnsAnswer = { records: readonly string[] } | { failed: string };

/** The name servers, as far as the product asks them. */
export interface Dns {
  texts(name: string): Promise<DnsAnswer>;
  aliases(name: string): Promise<DnsAnswer>;
  addresses(name: string): Promise<DnsAnswer>;
  addresses6(name: string): Promise<DnsAnswer>;
  /** Authorities that may issue, by the `issue` records of exactly this name; an empty text stands for nobody. */
  issuers(name: string): Promise<DnsAnswer>;
  /** Whether a zone begins at this name, where no CNAME may be. */
  beginsZone(name: string): Promise<boolean>;
}

/** Milliseconds for an answer, and how often it is asked for. */
const TIMEOUT = 2_000;
const TRIES = 2;

async function answer<R>(asked: Promise<R[]>, read: (record: R) => string | null): Promise<DnsAnswer> {
  try {
    const records = (await asked).map(read).filter((text) => text !== null);
    return { records: records.toSorted() };
  } catch (error) {
    const { code = 'UNKNOWN' } = error as { code?: string };
    return code === NOTFOUND || code === NODATA ? { records: [] } : { failed: code };
  }
}

const lower = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** DNS by these servers (`address` or `address:port`), or by those of the machine. */
export function createDns(servers: readonly string[] = []): Dns {
  const resolver = new Resolver({ timeout: TIMEOUT, tries: TRIES });
  if (servers.length > 0) resolver.setServers([...servers]);
  return {
    texts: (name) => answer(resolver.resolveTxt(name), (chunks) => chunks.join('')),
    aliases: (name) => answer(resolver.resolveCname(name), lower),
    addresses: (name) => answer(resolver.resolve4(name), (address) => address),
    addresses6: (name) => answer(resolver.resolve6(name), (address) => address),
    // `;` stands before parameters, and alone for nobody.
    issuers: (name) =>
      answer(resolver.resolveCaa(name), ({ issue }) =>
        issue === undefined ? null : lower(issue.split(';')[0]?.trim() ?? ''),
      ),
    async beginsZone(name) {
      const soa = await answer(
        resolver.resolveSoa(name).then((record) => [record]),
        ({ nsname }) => nsname,
      );
      return 'records' in soa && soa.records.length > 0;
    },
  };
}
