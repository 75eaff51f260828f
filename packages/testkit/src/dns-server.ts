import { createServer, Packet } from 'dns2';

/** What a name holds. */
export interface DnsRecords {
  TXT?: readonly string[];
  CNAME?: string;
  A?: readonly string[];
  AAAA?: readonly string[];
  /** Values of `issue`. */
  CAA?: readonly string[];
  /** A zone begins here. */
  SOA?: boolean;
}

/** A name server for tests, on a UDP port of 127.0.0.1: it answers for what it was told and knows of nothing else. */
export interface ThrowawayDns {
  /** `127.0.0.1:port` */
  address: string;
  /** Replaces what a name holds; nothing takes it away. */
  set(name: string, records?: DnsRecords): void;
  /** Whether it answers SERVFAIL to everything. */
  fail(failing: boolean): void;
  close(): Promise<void>;
}

type Type = keyof DnsRecords;
const TYPES = new Map<number, Type>(
  (['TXT', 'CNAME', 'A', 'AAAA', 'CAA', 'SOA'] as const).map((type) => [Packet.TYPE[type], type]),
);
const SERVFAIL = 2;
const NXDOMAIN = 3;
const CLASS = Packet.CLASS.IN;

/** The answers about one name, as packets hold them. */
function answersOf(name: string, type: Type, records: DnsRecords): object[] {
  const one = { name, type: Packet.TYPE[type], class: CLASS, ttl: 0 };
  if (type === 'TXT')
    return (records.TXT ?? []).map((text) => ({ ...one, data: text.match(/.{1,255}/g) ?? [] }));
  if (type === 'CAA') return (records.CAA ?? []).map((value) => ({ ...one, flags: 0, tag: 'issue', value }));
  if (type === 'SOA')
    return records.SOA
      ? [
          {
            ...one,
            primary: `ns.${name}`,
            admin: `root.${name}`,
            serial: 1,
            refresh: 1,
            retry: 1,
            expiration: 1,
            minimum: 0,
          },
        ]
      : [];
  return ((type === 'A' ? records.A : records.AAAA) ?? []).map((address) => ({ ...one, address }));
}

/** Starts it, on a free port unless told. Rejects when the port cannot be had. */
export async function startDnsServer(options: { port?: number } = {}): Promise<ThrowawayDns> {
  const zone = new Map<string, DnsRecords>();
  let failing = false;

  /** Follows aliases, as a resolver that serves clients does. */
  function answer(name: string, type: Type): object[] {
    const records = zone.get(name) ?? {};
    const alias = records.CNAME;
    if (alias === undefined) return type === 'CNAME' ? [] : answersOf(name, type, records);
    const step = { name, type: Packet.TYPE.CNAME, class: CLASS, ttl: 0, domain: alias };
    return type === 'CNAME' ? [step] : [step, ...answer(alias.toLowerCase(), type)];
  }

  const server = createServer({
    udp: true,
    handle(request, send) {
      const response = Packet.createResponseFromRequest(request);
      const [question] = request.questions;
      const name = question?.name.toLowerCase() ?? '';
      const type = TYPES.get(question?.type ?? 0);
      if (failing) response.header.rcode = SERVFAIL;
      else if (!zone.has(name)) response.header.rcode = NXDOMAIN;
      else if (type) response.answers.push(...(answer(name, type) as never[]));
      void send(response);
    },
  });
  const { udp } = await server.listen({ udp: { port: options.port ?? 0, address: '127.0.0.1' } });
  return {
    address: `127.0.0.1:${(udp as { port: number }).port}`,
    set(name, records) {
      if (records) zone.set(name.toLowerCase(), records);
      else zone.delete(name.toLowerCase());
    },
    fail(now) {
      failing = now;
    },
    close: () => server.close(),
  };
}
