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

const { serve } = await import('../apps/api/src/server.ts');
await serve({ defaults: { PREAU_DEMO: 'on' } });
