import { createHash, createSign, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';

const sha256 = (data: string | Buffer): Buffer => createHash('sha256').update(data).digest();
const bytes = (buffer: Buffer): Uint8Array<ArrayBuffer> => Uint8Array.from(buffer);

const PRESENT = 1;
const VERIFIED = 4;
const ATTESTED = 64;

interface Held {
  id: Buffer;
  key: KeyObject;
  publicKey: Buffer;
  user: string;
}

/** An authenticator of one key, as a telephone holds it. What it signs can be bent by a test. */
export function createAuthenticator() {
  let held: Held | undefined;
  let counter = 0;

  const clientData = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const head = (rpId: string, flags: number): Buffer => {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(counter);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count]);
  };
  const flagsOf = (verified: boolean) => PRESENT | (verified ? VERIFIED : 0);

  return {
    setCounter: (value: number) => (counter = value),

    /** Makes its key for what `begin` of the server answered. */
    register(
      options: { challenge: string; rp: { id: string }; user: { id: string } },
      {
        origin,
        rpId = options.rp.id,
        verified = true,
      }: { origin: string; rpId?: string; verified?: boolean },
    ) {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
      const cose = new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, bytes(Buffer.from(x, 'base64url'))],
        [-3, bytes(Buffer.from(y, 'base64url'))],
      ]);
      held = {
        id: randomBytes(32),
        key: privateKey,
        publicKey: Buffer.from(isoCBOR.encode(cose as never)),
        user: options.user.id,
      };
      const length = Buffer.alloc(2);
      length.writeUInt16BE(held.id.length);
      const authData = Buffer.concat([
        head(rpId, flagsOf(verified) | ATTESTED),
        Buffer.alloc(16),
        length,
        held.id,
        held.publicKey,
      ]);
      const attestation = isoCBOR.encode(
        new Map<string, unknown>([
          ['fmt', 'none'],
          ['attStmt', new Map()],
          ['authData', bytes(authData)],
        ]) as never,
      );
      const id = held.id.toString('base64url');
      return {
        id,
        rawId: id,
        type: 'public-key' as const,
        response: {
          clientDataJSON: clientData('webauthn.create', options.challenge, origin).toString('base64url'),
          attestationObject: Buffer.from(attestation).toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      };
    },

    /** Signs what `begin` of a log-in answered. */
    sign(
      options: { challenge: string; rpId?: string },
      {
        origin,
        rpId = options.rpId ?? '',
        verified = true,
      }: { origin: string; rpId?: string; verified?: boolean },
    ) {
      if (!held) throw new Error('It has no key yet');
      counter += 1;
      const authData = head(rpId, flagsOf(verified));
      const data = clientData('webauthn.get', options.challenge, origin);
      const signature = createSign('sha256')
        .update(Buffer.concat([authData, sha256(data)]))
        .sign(held.key);
      const id = held.id.toString('base64url');
      return {
        id,
        rawId: id,
        type: 'public-key' as const,
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: held.user,
        },
        clientExtensionResults: {},
      };
    },
  };
}
export type Authenticator = ReturnType<typeof createAuthenticator>;
