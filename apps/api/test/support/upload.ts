import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Answer, Client } from './clients.ts';

export interface FormPart {
  name: string;
  /** Of a file. */
  filename?: string;
  type?: string;
  content: Buffer | string;
}

/** A form as browsers send it. */
export function formOf(parts: readonly FormPart[]): { payload: Buffer; headers: Record<string, string> } {
  const boundary = `----preau${randomBytes(12).toString('hex')}`;
  const pieces = parts.flatMap(({ name, filename, type = 'application/octet-stream', content }) => [
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"`,
    filename === undefined
      ? '\r\n\r\n'
      : `; filename="${filename.replaceAll('"', '%22')}"\r\nContent-Type: ${type}\r\n\r\n`,
    content,
    '\r\n',
  ]);
  const payload = Buffer.concat(
    [...pieces, `--${boundary}--\r\n`].map((piece) => Buffer.from(piece as string)),
  );
  return {
    payload,
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(payload.length),
    },
  };
}

/** Uploads one file, with the fields that say more of it. */
export const uploadFile = (
  client: Client,
  filename: string,
  content: Buffer | string,
  fields: Record<string, string> = {},
  headers: Record<string, string> = {},
  path = '/media/',
): Promise<Answer> =>
  uploadForm(
    client,
    [
      ...Object.entries(fields).map(([name, value]) => ({ name, content: value })),
      { name: 'file', filename, content },
    ],
    headers,
    path,
  );

export function uploadForm(
  client: Client,
  parts: readonly FormPart[],
  more: Record<string, string> = {},
  path = '/media/',
): Promise<Answer> {
  const { payload, headers } = formOf(parts);
  // Without a length, as a stream whose end nobody knows.
  if (more['transfer-encoding'] === 'chunked') {
    const { 'content-type': type = '' } = headers;
    return client.send({
      method: 'POST',
      url: `/api/v1${path}`,
      payload: Readable.from([payload]),
      headers: { 'content-type': type, ...more },
    });
  }
  return client.send({ method: 'POST', url: `/api/v1${path}`, payload, headers: { ...headers, ...more } });
}
