import { createRequire } from 'node:module';

type Autocannon = (options: object) => Promise<object>;

/** `cannon-of-hosts.ts JSON`: autocannon by its interface, since its command names one host only. Prints its report. */
const autocannon = createRequire(import.meta.url)('autocannon') as Autocannon;
const { hosts, ...options } = JSON.parse(process.argv[2] ?? '{}') as { hosts: string[] };
const report = await autocannon({
  ...options,
  requests: hosts.map((host) => ({ method: 'GET', headers: { host } })),
});
process.stdout.write(JSON.stringify(report));
