import type { DomainFinding, DomainReport } from '@preau/contracts/domains';
import type { Dns, DnsAnswer } from '../../platform/dns.ts';
import type { Certificate } from '../../platform/certificates.ts';
import { proxyOf } from './known-proxies.ts';

/** A finding without its sentence, as it is kept. */
export type Finding = Omit<DomainFinding, 'message'>;
export type Report = Omit<DomainReport, 'findings'> & { findings: Finding[] };

export interface Patient {
  domain: string;
  /** What the TXT record is to hold; null where no proof is asked for. */
  token: string | null;
  vouched: boolean;
  /** Name of ours that the domain is to lead to. */
  target: string;
  baseDomain: string;
}

/** What an installation knows of itself. */
export interface Surroundings {
  dns: Dns;
  /** Public addresses; those of the target as DNS has them, where empty. */
  addresses: readonly string[];
  /** Authorities that our certificates come from, as CAA records name them. */
  authorities: readonly string[];
  /** The certificate that visitors are shown for a name at an address; none is asked for where there is no HTTPS. */
  certificateOf?: ((name: string, address: string) => Promise<Certificate | null>) | undefined;
}

const recordsOf = (answer: DnsAnswer): readonly string[] => ('records' in answer ? answer.records : []);
const failureOf = (...answers: DnsAnswer[]): string | null =>
  answers.map((answer) => ('failed' in answer ? answer.failed : null)).find((code) => code !== null) ?? null;
export const challengeName = (domain: string): string => `_preau-challenge.${domain}`;

type Facts = Omit<Finding, 'result' | 'code' | 'values'>;
const silent = (facts: Facts, reason: string): Finding => ({
  ...facts,
  result: 'unknown',
  code: 'dns_silent',
  values: { name: facts.name, reason },
});

async function checkProof({ domain, token, vouched }: Patient, { dns }: Surroundings): Promise<Finding> {
  const name = challengeName(domain);
  const facts = { record: 'TXT', name, found: [] as string[], expected: token ? [token] : [] } as const;
  if (vouched || !token) return { ...facts, result: 'ok', code: 'txt_vouched', values: {} };
  const answer = await dns.texts(name);
  const failed = failureOf(answer);
  const found = [...recordsOf(answer)];
  if (failed) return silent({ ...facts, found }, failed);
  const code = found.includes(token) ? 'txt_right' : found.length === 0 ? 'txt_missing' : 'txt_other';
  return { ...facts, found, result: code === 'txt_right' ? 'ok' : 'wrong', code, values: { name } };
}

/** Where the domain leads: one finding for CNAME or A, one for AAAA. */
async function checkWay(patient: Patient, { dns, addresses: own }: Surroundings): Promise<Finding[]> {
  const { domain, target, baseDomain } = patient;
  const [aliases, v4, v6, apex, ours4, ours6] = await Promise.all([
    dns.aliases(domain),
    dns.addresses(domain),
    dns.addresses6(domain),
    dns.beginsZone(domain),
    own.length > 0 ? { records: own.filter((ip) => !ip.includes(':')) } : dns.addresses(target),
    own.length > 0 ? { records: own.filter((ip) => ip.includes(':')) } : dns.addresses6(target),
  ]);
  const [alias] = recordsOf(aliases);
  const [found4, found6, expected4, expected6] = [v4, v6, ours4, ours6].map(recordsOf) as [
    readonly string[],
    readonly string[],
    readonly string[],
    readonly string[],
  ];
  // A CNAME may not be where a zone begins.
  const byAddress = apex && alias === undefined;
  const way: Facts = {
    record: byAddress ? 'A' : 'CNAME',
    name: domain,
    found: alias === undefined ? [...found4] : [alias, ...found4],
    expected: byAddress ? [...expected4] : [target],
  };
  const six: Facts = { record: 'AAAA', name: domain, found: [...found6], expected: [...expected6] };
  const judge = (
    facts: Facts,
    result: Finding['result'],
    code: Finding['code'],
    values: Record<string, string> = {},
  ): Finding => ({ ...facts, result, code, values });

  const failed = failureOf(aliases, v4, v6);
  const proxy = proxyOf(alias === undefined ? [] : [alias], [...found4, ...found6]);
  const known = expected4.length + expected6.length > 0;
  const leadsByName =
    alias !== undefined && (alias === target || alias === baseDomain || alias.endsWith(`.${baseDomain}`));
  const here = found4.filter((address) => expected4.includes(address)).length;

  function checkFirst(): Finding {
    if (failed) return silent(way, failed);
    if (proxy) return judge(way, 'wrong', 'proxied', { proxy });
    if (leadsByName) return judge(way, 'ok', 'leads_here');
    if (found4.length + found6.length === 0) return judge(way, 'wrong', 'leads_nowhere');
    if (!known) return judge(way, 'unknown', 'target_unknown', { target });
    if (found4.length > 0 && here === found4.length)
      return byAddress
        ? judge(way, 'ok', 'leads_here')
        : judge(way, 'ok', 'leads_here_by_address', { target });
    // Without IPv4, what IPv6 says is the answer.
    if (found4.length === 0 && found6.every((address) => expected6.includes(address)))
      return judge(way, 'ok', 'leads_here');
    return judge(way, 'wrong', here > 0 ? 'leads_partly' : 'leads_elsewhere');
  }
  function checkSecond(): Finding {
    if (failed) return silent(six, failed);
    if (leadsByName || !known || proxy || found6.every((address) => expected6.includes(address)))
      return judge(six, 'ok', 'ipv6_none');
    return judge(six, 'wrong', 'ipv6_elsewhere');
  }
  return [checkFirst(), checkSecond()];
}

/** Who may issue a certificate is said by the nearest name that says anything, from the domain upwards (RFC 8659). */
async function checkIssuers({ domain }: Patient, { dns, authorities }: Surroundings): Promise<Finding> {
  const labels = domain.split('.');
  for (let from = 0; from < labels.length - 1; from += 1) {
    const name = labels.slice(from).join('.');
    const answer = await dns.issuers(name);
    const failed = failureOf(answer);
    const facts: Facts = { record: 'CAA', name, found: [], expected: [...authorities] };
    if (failed) return silent(facts, failed);
    const found = [...recordsOf(answer)];
    if (found.length === 0) continue;
    const allowed = found.some((issuer) => authorities.includes(issuer));
    return {
      ...facts,
      found: found.map((issuer) => issuer || ';'),
      result: allowed ? 'ok' : 'wrong',
      code: allowed ? 'caa_right' : 'caa_forbids',
      values: { name },
    };
  }
  return {
    record: 'CAA',
    name: domain,
    found: [],
    expected: [],
    result: 'ok',
    code: 'caa_right',
    values: {},
  };
}

const truthOf = ({ result }: Finding): boolean | null => (result === 'unknown' ? null : result === 'ok');

/** Asks DNS all there is to know of a domain. Changes nothing. */
export async function examine(patient: Patient, surroundings: Surroundings, now: Date): Promise<Report> {
  const [proof, [way, six], issuers] = await Promise.all([
    checkProof(patient, surroundings),
    checkWay(patient, surroundings),
    checkIssuers(patient, surroundings),
  ]);
  const leadsHere = way ? truthOf(way) : null;
  const findings = [proof, way, six, issuers].filter((finding) => finding !== undefined);
  return {
    checked_at: now.toISOString(),
    verified: truthOf(proof),
    leads_here: leadsHere,
    ready: findings.every(({ result }) => result === 'ok'),
    findings,
    certificate: leadsHere ? await checkCertificate(patient, surroundings) : null,
  };
}

/** Of the way that visitors take, once they arrive here. */
async function checkCertificate(
  { domain }: Patient,
  { dns, certificateOf }: Surroundings,
): Promise<Certificate | null> {
  const [address] = certificateOf ? recordsOf(await dns.addresses(domain)) : [];
  return address && certificateOf ? certificateOf(domain, address) : null;
}
