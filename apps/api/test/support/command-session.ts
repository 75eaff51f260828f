import process from 'node:process';
import { createInterface } from 'node:readline';
import { main } from '../../src/cli.ts';

/**
 * Runs commands one after the other, each a line of JSON on standard input, and answers each with a line of JSON: the
 * command itself without the second that a process takes to start.
 */
const answer = process.stdout.write.bind(process.stdout);
const printed = { out: '', err: '' };
process.stdout.write = (chunk: string | Uint8Array) => ((printed.out += String(chunk)), true);
process.stderr.write = (chunk: string | Uint8Array) => ((printed.err += String(chunk)), true);

for await (const line of createInterface({ input: process.stdin })) {
  Object.assign(printed, { out: '', err: '' });
  const code = await main(JSON.parse(line) as string[]);
  answer(`${JSON.stringify({ code, ...printed })}\n`);
}
