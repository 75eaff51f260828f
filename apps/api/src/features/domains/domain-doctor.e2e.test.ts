import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { startDnsServer, type ThrowawayDns } from '@preau/testkit/dns-server';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readCertificate } from '../../platform/certificates.ts';
import { createDns } from '../../platform/dns.ts';
import { examine, type Patient, type Surroundings } from './domain-doctor.ts';

const TOKEN = 'preau-0123456789';
const NOW = new Date('2026-11-21T03:23:00Z');

let names: ThrowawayDns;
beforeAll(async () => {
  names = await startDnsServer();
});
afterAll(() => names.close());
beforeEach(() => {
  names.fail(false);
  for (const name of ['www.hugo.fr', 'hugo.fr', 'hugo.ecole.test', '_preau-challenge.www.hugo.fr'])
    names.set(name);
  names.set('hugo.ecole.test', { A: ['192.0.2.1', '192.0.2.2'], AAAA: ['2001:db8::1'] });
  names.set('_preau-challenge.www.hugo.fr', { TXT: ['v=other', TOKEN] });
});

/** What is found, in short: record, result and code of each finding. */
async function found(
  domain = 'www.hugo.fr',
  more: Partial<Patient> & { addresses?: string[]; certificateOf?: Surroundings['certificateOf'] } = {},
) {
  const { addresses = [], certificateOf, ...patient } = more;
  const report = await examine(
    { domain, token: TOKEN, vouched: false, target: 'hugo.ecole.test', baseDomain: 'ecole.test', ...patient },
    { dns: createDns([names.address]), addresses, authorities: ['letsencrypt.org'], certificateOf },
    NOW,
  );
  return {
    ...report,
    codes: report.findings.map(({ record, result, code }) => `${record} ${result} ${code}`),
  };
}

describe('the doctor of domains', () => {
  it('finds nothing wrong with a CNAME to us and the proof', async () => {
    names.set('www.hugo.fr', { CNAME: 'Hugo.Ecole.Test' });
    const report = await found();
    expect(report).toMatchObject({ verified: true, leads_here: true, ready: true });
    expect(report.codes).toEqual([
      'TXT ok txt_right',
      'CNAME ok leads_here',
      'AAAA ok ipv6_none',
      'CAA ok caa_right',
    ]);
    expect(report.findings[1]).toMatchObject({
      found: ['hugo.ecole.test', '192.0.2.1', '192.0.2.2'],
      expected: ['hugo.ecole.test'],
    });
  });

  it('asks an apex for addresses, where a CNAME may not be', async () => {
    names.set('hugo.fr', { SOA: true, A: ['192.0.2.1'] });
    names.set('_preau-challenge.hugo.fr', { TXT: [TOKEN] });
    const report = await found('hugo.fr');
    expect(report.ready).toBe(true);
    expect(report.findings[1]).toMatchObject({
      record: 'A',
      code: 'leads_here',
      expected: ['192.0.2.1', '192.0.2.2'],
    });
  });

  it('says that addresses work, and that a CNAME would be better', async () => {
    names.set('www.hugo.fr', { A: ['192.0.2.2'], AAAA: ['2001:db8::1'] });
    const report = await found();
    expect(report.codes[1]).toBe('CNAME ok leads_here_by_address');
    expect(report.ready).toBe(true);
  });

  it.each([
    ['a domain that does not exist', undefined, 'CNAME wrong leads_nowhere'],
    ['one without an address', { TXT: ['x'] }, 'CNAME wrong leads_nowhere'],
    ['one that leads elsewhere', { A: ['198.51.100.7'] }, 'CNAME wrong leads_elsewhere'],
    [
      'one of which some addresses are ours',
      { A: ['192.0.2.1', '198.51.100.7'] },
      'CNAME wrong leads_partly',
    ],
    ['an alias of somebody else', { CNAME: 'other.example' }, 'CNAME wrong leads_nowhere'],
    ['one behind a proxy, by address', { A: ['104.16.1.1'] }, 'CNAME wrong proxied'],
    ['one behind a proxy, by alias', { CNAME: 'd1.cloudfront.net' }, 'CNAME wrong proxied'],
  ] as const)('finds %s', async (_, records, code) => {
    names.set('www.hugo.fr', records);
    const report = await found();
    expect(report.codes).toContain(code);
    expect(report).toMatchObject({ verified: true, leads_here: false, ready: false });
  });

  it('finds an IPv6 address that leads elsewhere, which is seen by some visitors only', async () => {
    names.set('www.hugo.fr', { A: ['192.0.2.1'], AAAA: ['2001:db8::bad'] });
    const report = await found();
    expect(report.codes).toContain('AAAA wrong ipv6_elsewhere');
    expect(report).toMatchObject({ leads_here: true, ready: false });
    expect(report.findings[2]).toMatchObject({ found: ['2001:db8::bad'], expected: ['2001:db8::1'] });
  });

  it.each([
    ['www.hugo.fr', ['pki.example'], 'wrong'],
    ['hugo.fr', ['pki.example; policy=ev'], 'wrong'],
    ['hugo.fr', [';'], 'wrong'],
    ['hugo.fr', ['pki.example', 'LetsEncrypt.org; validationmethods=http-01'], 'ok'],
  ])('reads who may issue from the nearest name that says so: %s %j is %s', async (name, CAA, result) => {
    const own = { A: ['192.0.2.1'] };
    names.set('www.hugo.fr', own);
    names.set(name, { ...(name === 'www.hugo.fr' ? own : {}), CAA });
    const [, , , issuers] = (await found()).findings;
    expect(issuers).toMatchObject({ record: 'CAA', name, result, values: { name } });
  });

  it('finds a proof that is missing, and one that is another', async () => {
    names.set('www.hugo.fr', { CNAME: 'hugo.ecole.test' });
    names.set('_preau-challenge.www.hugo.fr');
    expect((await found()).codes[0]).toBe('TXT wrong txt_missing');
    names.set('_preau-challenge.www.hugo.fr', { TXT: ['preau-of-another'] });
    const report = await found();
    expect(report.codes[0]).toBe('TXT wrong txt_other');
    expect(report.findings[0]).toMatchObject({ found: ['preau-of-another'], expected: [TOKEN] });
    expect((await found('www.hugo.fr', { vouched: true })).verified).toBe(true);
  });

  it('joins a long text that DNS holds in pieces', async () => {
    names.set('www.hugo.fr', { CNAME: 'hugo.ecole.test' });
    const token = `preau-${'a'.repeat(300)}`;
    names.set('_preau-challenge.www.hugo.fr', { TXT: [token] });
    expect((await found('www.hugo.fr', { token })).verified).toBe(true);
  });

  it('asks for the certificate where visitors arrive, and nowhere else', async () => {
    const asked: string[] = [];
    const certificate = { issuer: 'An authority', valid_until: '2027-01-01T00:00:00.000Z', trusted: true };
    const certificateOf = async (name: string, address: string) => {
      asked.push(`${name} ${address}`);
      return certificate;
    };
    names.set('www.hugo.fr', { A: ['198.51.100.7'] });
    expect((await found('www.hugo.fr', { certificateOf })).certificate).toBeNull();
    expect(asked).toEqual([]);
    names.set('www.hugo.fr', { A: ['192.0.2.2'] });
    expect((await found('www.hugo.fr', { certificateOf })).certificate).toEqual(certificate);
    expect(asked).toEqual(['www.hugo.fr 192.0.2.2']);
  });

  it('has no certificate of who speaks no TLS, and does not wait for ever for who is silent', async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    expect(await readCertificate('www.hugo.fr', '127.0.0.1', port)).toBeNull();
    server.close();
    expect(await readCertificate('www.hugo.fr', '127.0.0.1', port)).toBeNull();
  });

  it('concludes nothing from a name server that fails', async () => {
    names.fail(true);
    const report = await found();
    expect(report).toMatchObject({ verified: null, leads_here: null, ready: false });
    expect(new Set(report.findings.map(({ code }) => code))).toEqual(new Set(['dns_silent']));
  });

  it('does not guess where it does not know its own addresses, and takes those it is told', async () => {
    names.set('www.hugo.fr', { A: ['203.0.113.9'] });
    names.set('hugo.ecole.test');
    expect(await found()).toMatchObject({ leads_here: null, ready: false });
    expect(await found('www.hugo.fr', { addresses: ['203.0.113.9'] })).toMatchObject({
      leads_here: true,
      ready: true,
    });
  });
});
