import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

// Below one packet, compression saves no round trip.
const WORTH_IT = 1400;

/** Writes `.br` and `.gz` beside each asset: the server sends them as they are and compresses nothing itself. */
export function compress(): Plugin {
  let assets = '';
  return {
    name: 'preau-compress',
    apply: 'build',
    configResolved: ({ root, build }) => void (assets = join(root, build.outDir, build.assetsDir)),
    closeBundle() {
      for (const name of readdirSync(assets)) {
        if (!/\.(js|css|svg|json)$/.test(name)) continue;
        const bytes = readFileSync(join(assets, name));
        if (bytes.length < WORTH_IT) continue;
        const params = {
          [constants.BROTLI_PARAM_QUALITY]: 11,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        };
        writeFileSync(join(assets, `${name}.br`), brotliCompressSync(bytes, { params }));
        writeFileSync(join(assets, `${name}.gz`), gzipSync(bytes, { level: 9 }));
      }
    },
  };
}
