import { createServer } from 'node:http';

/** Loaded before a server's own code: says how much memory its process holds, once what is garbage is gone. */

const collect = (globalThis as { gc?: () => void }).gc;
if (!collect) throw new Error('The probe wants --expose-gc');

createServer((_request, response) => {
  // Twice: the first finds what the second may free.
  collect();
  setImmediate(() => {
    collect();
    response.end(JSON.stringify(process.memoryUsage()));
  });
})
  .listen(Number(process.env['BENCH_PROBE_PORT']), '127.0.0.1')
  .unref();
