import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** What became of an upload: its answer, or none where the line was cut. */
export interface Sent {
  status: number | null;
  id: string | null;
  code: string | null;
  /** Whether what was kept is what was sent. */
  intact: boolean;
}

const PIECE = 64 * 1024;

/**
 * Uploads a file of so many random bytes as a form, piece by piece, `pause` milliseconds between them. Never rejects for a line
 * that is cut.
 */
export async function sendFile(
  { url, host, key }: { url: string; host: string; key: string },
  bytes: number,
  pause: number,
): Promise<Sent> {
  const content = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(bytes - 9)]);
  const boundary = randomBytes(12).toString('hex');
  const head = Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n`,
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  const call = request(`${url}/api/v1/media/`, {
    method: 'POST',
    agent: false,
    headers: {
      host,
      'api-key': key,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': head.length + content.length + tail.length,
    },
  });
  const answered = new Promise<Sent>((resolve) => {
    const cut: Sent = { status: null, id: null, code: null, intact: true };
    call.on('error', () => resolve(cut));
    call.on('response', (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', () => resolve(cut));
      response.on('end', () => {
        const body = JSON.parse(Buffer.concat(pieces).toString() || '{}');
        const [file] = body.results ?? [];
        const sha256 = createHash('sha256').update(content).digest('hex');
        resolve({
          status: response.statusCode ?? null,
          id: file?.id ?? null,
          code: body.code ?? null,
          intact: !file || (file.sha256 === sha256 && file.bytes === bytes),
        });
      });
    });
  });
  const ended = answered.then(() => true);
  call.write(head);
  for (let at = 0; at < content.length; at += PIECE) {
    const flowing = call.write(content.subarray(at, at + PIECE));
    if (
      !flowing &&
      (await Promise.race([
        once(call, 'drain').then(
          () => false,
          () => true,
        ),
        ended,
      ]))
    )
      break;
    if (pause > 0 && (await Promise.race([delay(pause, false), ended]))) break;
  }
  call.end(tail);
  return answered;
}
