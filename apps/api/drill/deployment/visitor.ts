import { execFile } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import fs from 'node:fs';
import https from 'node:https';
import path from 'node:path';
import { callbackify, promisify } from 'node:util';
import { CHROMIUM_FLAGS, lookForChromium } from '@preau/testkit/chromium';
import type { Answer } from '../../bench/ask.ts';
import type { NameServer } from './name-server.ts';
import type { Proxy } from './proxy.ts';

export interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Connections are kept with it. */
  agent?: https.Agent;
}

/** Somebody far away: finds names by DNS, trusts the proxy's authority and no other, speaks HTTPS. */
export interface Visitor {
  ask(host: string, asked?: Asked): Promise<Answer>;
  /** What a browser shows at a host: its document once scripts have run. */
  see(host: string): Promise<string>;
}

const SEEN_WITHIN = 30_000;

export function createVisitor(names: NameServer, proxy: Proxy, folder: string): Visitor {
  const authority = proxy.authority();
  // As Node asks for the addresses of a host.
  const lookup = callbackify(async (name: string) => {
    const [address = ''] = await names.resolve(name);
    return [{ address, family: 4 }];
  });
  return {
    ask: (host, { method = 'GET', path: asked = '/', headers = {}, body, agent } = {}) =>
      new Promise((resolve, reject) => {
        const text = body === undefined ? undefined : JSON.stringify(body);
        const request = https.request(
          {
            host,
            port: proxy.httpsPort,
            servername: host,
            ca: authority,
            lookup: (name, _options, done) => lookup(name, (error, addresses) => done(error, addresses)),
            agent: agent ?? false,
            method,
            path: asked,
            headers: { host, ...(text ? { 'content-type': 'application/json' } : {}), ...headers },
          },
          (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('error', reject);
            response.on('end', () =>
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                body: Buffer.concat(chunks).toString(),
              }),
            );
          },
        );
        request.on('error', reject);
        request.end(text);
      }),
    async see(host) {
      const program = lookForChromium();
      if (!program) throw new Error('No Chromium on this machine: on Debian, apt-get install chromium');
      const { publicKey } = new X509Certificate(proxy.intermediate());
      const key = createHash('sha256')
        .update(publicKey.export({ type: 'spki', format: 'der' }))
        .digest('base64');
      const profile = fs.mkdtempSync(path.join(folder, 'chromium-'));
      const { stdout } = await promisify(execFile)(
        program,
        [
          '--headless',
          ...CHROMIUM_FLAGS,
          `--user-data-dir=${profile}`,
          // It would ask the machine's name server, on the usual port.
          `--host-resolver-rules=MAP *:443 127.0.0.1:${proxy.httpsPort},MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
          // This authority and no other.
          `--ignore-certificate-errors-spki-list=${key}`,
          '--virtual-time-budget=10000',
          '--dump-dom',
          `https://${host}/`,
        ],
        { timeout: SEEN_WITHIN, maxBuffer: 16 * 1024 ** 2 },
      );
      return stdout;
    },
  };
}
