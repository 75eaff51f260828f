import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto';

/** What is made of the installation's secrets (`PREAU_SECRET`): keys for what is kept encrypted, and for marks. */
export interface SecretKeys {
  /**
   * Encrypts a text to be kept. `purpose` parts the keys; `context` says what it belongs to (an id), so that the text opens
   * nowhere else.
   */
  seal(purpose: string, context: string, text: string): string;
  /** The text again. Throws {@link UnknownKeyError} when its secret is not in the list any more, and on any change. */
  open(purpose: string, context: string, sealed: string): string;
  /** Whether it was sealed with the first secret: what was not is to be sealed anew before its secret is dropped. */
  isCurrent(sealed: string): boolean;
  /** A keyed digest of 32 bytes, by the first secret. */
  mark(purpose: string, text: string): Buffer;
  /** The digests by every secret, the first one's first: what may be kept of a text. */
  marks(purpose: string, text: string): Buffer[];
  /** Whether it is the digest of the text by any of the secrets. */
  isMark(purpose: string, text: string, mark: Buffer): boolean;
}

export class UnknownKeyError extends Error {
  constructor(keyId: string) {
    super(`Nothing in PREAU_SECRET opens what was sealed with key ${keyId}: was a secret dropped too soon?`);
    this.name = 'UnknownKeyError';
  }
}

const VERSION = 'v1';
const IV = 12;
const TAG = 16;

/**
 * Derives keys by HKDF-SHA256, one for each purpose. The first secret seals and marks, all of them open and verify: a new one
 * is put in front, and the old one goes when nothing is sealed with it.
 * @param secrets read when first needed, since a command that needs none must not make one.
 */
export function createSecretKeys(secrets: () => readonly string[]): SecretKeys {
  const keys = new Map<string, Buffer>();
  let list: readonly string[] | undefined;
  const all = (): readonly string[] => {
    list ??= secrets();
    if (list.length === 0) throw new Error('An installation has at least one secret');
    return list;
  };
  const keyOf = (index: number, purpose: string): Buffer => {
    const name = `${index}|${purpose}`;
    let key = keys.get(name);
    if (!key) {
      key = Buffer.from(hkdfSync('sha256', all()[index] ?? '', 'preau', purpose, 32));
      keys.set(name, key);
    }
    return key;
  };
  const idOf = (index: number): string => keyOf(index, 'key id').subarray(0, 4).toString('hex');
  const indexes = (): number[] => all().map((_, index) => index);
  const markBy = (index: number, purpose: string, text: string): Buffer =>
    createHmac('sha256', keyOf(index, `mark:${purpose}`))
      .update(text)
      .digest();

  return {
    seal(purpose, context, text) {
      const iv = randomBytes(IV);
      const cipher = createCipheriv('aes-256-gcm', keyOf(0, `seal:${purpose}`), iv);
      cipher.setAAD(Buffer.from(context));
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `${VERSION}.${idOf(0)}.${sealed.toString('base64url')}`;
    },
    open(purpose, context, sealed) {
      const [version, keyId = '', body = ''] = sealed.split('.');
      const index = indexes().find((at) => idOf(at) === keyId);
      if (version !== VERSION || index === undefined) throw new UnknownKeyError(keyId);
      const bytes = Buffer.from(body, 'base64url');
      const decipher = createDecipheriv(
        'aes-256-gcm',
        keyOf(index, `seal:${purpose}`),
        bytes.subarray(0, IV),
        { authTagLength: TAG },
      );
      decipher.setAAD(Buffer.from(context));
      decipher.setAuthTag(bytes.subarray(-TAG));
      return Buffer.concat([decipher.update(bytes.subarray(IV, -TAG)), decipher.final()]).toString('utf8');
    },
    isCurrent: (sealed) => sealed.split('.')[1] === idOf(0),
    mark: (purpose, text) => markBy(0, purpose, text),
    marks: (purpose, text) => indexes().map((index) => markBy(index, purpose, text)),
    isMark: (purpose, text, mark) =>
      indexes().some((index) => {
        const right = markBy(index, purpose, text);
        return mark.length === right.length && timingSafeEqual(mark, right);
      }),
  };
}
