import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { callbackify } from 'node:util';
import { SMTPServer } from 'smtp-server';

export interface TakenMail {
  from: string;
  to: string[];
  headers: Readonly<Record<string, string>>;
  /** Everything after the headers, decoded. */
  body: string;
}

export interface TestSmtp {
  url: string;
  taken: TakenMail[];
  /** Answers every recipient so from now on; null takes mail again. */
  refuse(reply: { code: number; message: string } | null): void;
  /** The next mail to come. */
  next(): Promise<TakenMail>;
  close(): Promise<void>;
}

/** Quoted-printable, which is how mail with accents travels. */
function decoded(raw: string): string {
  const bytes = raw
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function parse(raw: string): Pick<TakenMail, 'headers' | 'body'> {
  const end = raw.indexOf('\r\n\r\n');
  const lines = raw
    .slice(0, end)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { headers, body: decoded(raw.slice(end + 4)) };
}

/** A mail server on the loopback that keeps what it is given. */
export async function startSmtp(): Promise<TestSmtp> {
  let refusal: { code: number; message: string } | null = null;
  const taken: TakenMail[] = [];
  const waiting: ((mail: TakenMail) => void)[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH', 'STARTTLS'],
    onRcptTo(_address, _session, done) {
      if (!refusal) return done();
      done(Object.assign(new Error(refusal.message), { responseCode: refusal.code }));
    },
    onData(stream, { envelope }, done) {
      const from = envelope.mailFrom ? envelope.mailFrom.address : '';
      const keep = async (): Promise<void> => {
        const mail = {
          from,
          to: envelope.rcptTo.map(({ address }) => address),
          ...parse(await text(stream)),
        };
        taken.push(mail);
        waiting.shift()?.(mail);
      };
      callbackify(keep)(done);
    },
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    refuse: (reply) => void (refusal = reply),
    next: () => new Promise((resolve) => waiting.push(resolve)),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
