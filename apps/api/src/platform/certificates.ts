import tls, { type PeerCertificate } from 'node:tls';

/** What visitors of a domain are shown by whoever answers there. */
export interface Certificate {
  /** The authority, as it calls itself. */
  issuer: string;
  /** ISO 8601. */
  valid_until: string;
  /** Whether this machine would trust it for that name, now. */
  trusted: boolean;
}

/** Milliseconds for connecting and for the greeting together. */
const PATIENCE = 3_000;

/** Asks for the certificate of a name at an address; null when nobody there speaks TLS for it. Sends nothing else. */
export function readCertificate(name: string, address: string, port: number): Promise<Certificate | null> {
  return new Promise((resolve) => {
    const socket = tls.connect({
      host: address,
      port,
      servername: name,
      // It is to be looked at, also where it is not to be trusted.
      rejectUnauthorized: false,
    });
    const end = (certificate: Certificate | null): void => {
      socket.destroy();
      resolve(certificate);
    };
    socket.setTimeout(PATIENCE, () => end(null));
    const late = setTimeout(() => end(null), PATIENCE);
    socket.on('close', () => clearTimeout(late));
    socket.on('error', () => end(null));
    socket.on('secureConnect', () => {
      const shown = socket.getPeerCertificate();
      end(shown.valid_to ? presented(shown, socket.authorized) : null);
    });
  });
}

const presented = ({ issuer, valid_to }: PeerCertificate, trusted: boolean): Certificate => ({
  issuer: [issuer.O, issuer.CN].flat().filter(Boolean).join(', ') || '?',
  valid_until: new Date(valid_to).toISOString(),
  trusted,
});
