import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Endings } from '../../bench/endings.ts';
import { freePort } from '@preau/testkit/free-port';
import { startProgram } from './program.ts';

/** Caddy with the configuration of infra/caddy. */
export interface Proxy {
  httpsPort: number;
  httpPort: number;
  /** Certificate of the authority that it has made for itself, as PEM. */
  authority(): string;
  /** Certificate that signs the ones it hands out, as PEM. */
  intermediate(): string;
}

interface ProxyOptions {
  base: string;
  httpsPort: number;
  nodes: readonly number[];
  folder: string;
  endings: Endings;
}

const CONFIGURATION = fileURLToPath(new URL('../../../../infra/caddy', import.meta.url));

const takes = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

/** Starts it, with certificates of its own making. The files are those of infra/, and one more for what differs here. */
export async function startProxy({ base, httpsPort, nodes, folder, endings }: ProxyOptions): Promise<Proxy> {
  const httpPort = await freePort();
  const files = path.join(folder, 'caddy');
  const storage = path.join(folder, 'caddy-data');
  fs.cpSync(CONFIGURATION, files, { recursive: true });
  fs.writeFileSync(
    path.join(files, 'global-drill.caddy'),
    [
      `http_port ${httpPort}`,
      `https_port ${httpsPort}`,
      'admin off',
      'skip_install_trust',
      `storage file_system ${storage}`,
      '',
    ].join('\n'),
  );
  await startProgram({
    command: ['caddy', 'run', '--adapter', 'caddyfile', '--config', path.join(files, 'Caddyfile')],
    environment: {
      XDG_CONFIG_HOME: folder,
      XDG_DATA_HOME: folder,
      PREAU_BASE_DOMAIN: base,
      PREAU_NODES: nodes.map((port) => `127.0.0.1:${port}`).join(' '),
      PREAU_ASK: `http://127.0.0.1:${nodes[0]}/internal/tls-ask`,
      PREAU_WILDCARD_TLS: 'wildcard-internal',
      PREAU_DOMAINS_TLS: 'domains-internal',
    },
    ready: async () =>
      (await takes(httpsPort)) &&
      (await takes(httpPort)) &&
      fs.existsSync(`${storage}/pki/authorities/local/root.crt`),
    endings,
  });
  const certificate = (name: string) =>
    fs.readFileSync(`${storage}/pki/authorities/local/${name}.crt`, 'utf8');
  return {
    httpPort,
    httpsPort,
    authority: () => certificate('root'),
    intermediate: () => certificate('intermediate'),
  };
}
