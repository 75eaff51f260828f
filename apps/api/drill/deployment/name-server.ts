import { Resolver } from 'node:dns/promises';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Endings } from '../../bench/endings.ts';
import { freePort } from '@preau/testkit/free-port';
import { startProgram, type Program } from './program.ts';

/** dnsmasq, which answers for the names of the drill and for nothing else. */
export interface NameServer {
  /** `127.0.0.1:port` */
  address: string;
  /** The addresses a name has here. Rejects for one it does not know. */
  resolve(name: string): Promise<string[]>;
  /** Answers for more: a domain's own address, and texts. */
  publish(records: { domain: string; texts: Record<string, string> }): Promise<void>;
}

/** Starts it for all names below a domain, which lead here. */
export async function startNameServer(base: string, folder: string, endings: Endings): Promise<NameServer> {
  const port = await freePort();
  const file = path.join(folder, 'dnsmasq.conf');
  // Its own: what it does not know of them is not there, and nobody else is asked.
  const own = (domain: string): string[] => [`address=/${domain}/127.0.0.1`, `local=/${domain}/`];
  const lines = own(base);
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([`127.0.0.1:${port}`]);
  let running: Program | undefined;

  async function start(): Promise<void> {
    // It reads its records once.
    await running?.end('SIGTERM');
    fs.writeFileSync(file, `${lines.join('\n')}\n`);
    running = await startProgram({
      command: [
        'dnsmasq',
        '--keep-in-foreground',
        '--no-resolv',
        '--no-hosts',
        '--bind-interfaces',
        '--listen-address=127.0.0.1',
        `--port=${port}`,
        `--user=${os.userInfo().username}`,
        '--pid-file',
        `--conf-file=${file}`,
      ],
      ready: async () => (await resolver.resolve4(`any.${base}`)).length > 0,
      endings,
    });
  }
  await start();
  return {
    address: `127.0.0.1:${port}`,
    resolve: (name) => resolver.resolve4(name),
    async publish({ domain, texts }) {
      lines.push(...own(domain), `local=/_preau-challenge.${domain}/`);
      for (const [name, text] of Object.entries(texts)) lines.push(`txt-record=${name},"${text}"`);
      await start();
    },
  };
}
