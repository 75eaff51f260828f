import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Agent, request, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';

const PIECE = randomBytes(256 * 1024);
const HEAD = Buffer.from('%PDF-1.7\n');
const SAMPLED_EVERY = 25;
const agent = new Agent({ keepAlive: true });

/** Resident memory of a process, in bytes; NaN where the system does not tell. */
export function residentBytes(pid: number): number {
  const found = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  return found ? Number(found[1]) * 1024 : Number.NaN;
}

/** The most that a process has resident while something is done, beyond what it had before. */
export async function growthDuring<T>(
  pid: number,
  work: () => Promise<T>,
): Promise<{ value: T; growth: number }> {
  const before = residentBytes(pid);
  let most = before;
  const timer = setInterval(() => (most = Math.max(most, residentBytes(pid))), SAMPLED_EVERY);
  try {
    return { value: await work(), growth: Math.max(most, residentBytes(pid)) - before };
  } finally {
    clearInterval(timer);
  }
}

async function textOf(response: IncomingMessage): Promise<string> {
  let text = '';
  response.setEncoding('utf8');
  for await (const piece of response) text += piece;
  return text;
}

/** Sends a file of so many bytes as a form. Rejects unless it is taken. @returns milliseconds, and the answer. */
export async function upload(
  url: string,
  headers: OutgoingHttpHeaders,
  bytes: number,
): Promise<{ ms: number; body: any }> {
  const boundary = randomBytes(12).toString('hex');
  const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`;
  const tail = `\r\n--${boundary}--\r\n`;
  const began = performance.now();
  const call = request(url, {
    method: 'POST',
    agent,
    headers: {
      ...headers,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + bytes + tail.length,
    },
  });
  const answered = once(call, 'response') as Promise<[IncomingMessage]>;
  // An answer before the end is a refusal, and what is sent after it may be read by nobody.
  const refused = (async () => {
    const [response] = await answered;
    if ((response.statusCode ?? 500) >= 300)
      throw new Error(`Not taken: ${response.statusCode} ${await textOf(response)}`);
  })();
  refused.catch(() => {});
  call.write(head);
  call.write(HEAD);
  for (let left = bytes - HEAD.length; left > 0; left -= PIECE.length)
    if (!call.write(left < PIECE.length ? PIECE.subarray(0, left) : PIECE))
      await Promise.race([once(call, 'drain'), refused]);
  call.end(tail);
  const [response] = await answered;
  const text = await textOf(response);
  const ms = performance.now() - began;
  if ((response.statusCode ?? 500) >= 300) throw new Error(`Not taken: ${response.statusCode} ${text}`);
  return { ms, body: JSON.parse(text) };
}

/** Reads a file to its end. Rejects unless it has so many bytes. @returns milliseconds. */
export async function download(url: string, headers: OutgoingHttpHeaders, bytes: number): Promise<number> {
  const began = performance.now();
  const call = request(url, { agent, headers });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  let read = 0;
  for await (const piece of response) read += (piece as Buffer).length;
  if (read !== bytes) throw new Error(`Of ${bytes} bytes ${read} came (${response.statusCode})`);
  return performance.now() - began;
}

/** Has something deleted, whatever the answer. */
export async function remove(url: string, headers: OutgoingHttpHeaders): Promise<void> {
  const call = request(url, { method: 'DELETE', agent, headers });
  call.end();
  const [response] = (await once(call, 'response')) as [IncomingMessage];
  await textOf(response);
}
