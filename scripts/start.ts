import module from 'node:module';
import path from 'node:path';
import process from 'node:process';

// Before any other import: stripping types from some hundred files is most of a warm start.
module.enableCompileCache(path.join(import.meta.dirname, '..', '.cache', 'node'));

const { isStale, ensureWebBuild } = await import('./web-build.ts');
if (isStale()) {
  process.stdout.write('Building the web application…\n');
  if (!(await ensureWebBuild({ quiet: true }))) process.exit(1);
}

const { serveDemo } = await import('./serve-demo.ts');
await serveDemo();
// Now rather than at the exit, which a kill would skip.
module.flushCompileCache();
