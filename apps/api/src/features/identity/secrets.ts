import { createHash, randomBytes } from 'node:crypto';
import { hash, verify, type Options } from '@node-rs/argon2';

/** 256 bits from the system, URL-safe: sessions, invitations, key secrets. */
export const newSecret = (bytes = 32): string => randomBytes(bytes).toString('base64url');

/** What is stored of a secret that is itself random: a fast hash is enough, nothing can be guessed. */
export const digest = (secret: string): Buffer => createHash('sha256').update(secret).digest();

// Argon2id is the library's own default; OWASP's second setting: 19 MiB, 2 passes, 1 lane.
const ARGON2ID: Options = {
  memoryCost: 19_456,
  timeCost: 2,
  parallelism: 1,
};

export const hashPassword = (password: string): Promise<string> => hash(password, ARGON2ID);

/** What checks passwords; counted in tests, since the time it takes is the cost of every attempt. */
export interface Passwords {
  /**
   * Whether it is the password of the stored hash. Without one it works as long for nothing, so that the time does not tell
   * whether an account exists.
   */
  verify(stored: string | null | undefined, password: string): Promise<boolean>;
}

export function createPasswords(check: typeof verify = verify): Passwords {
  let decoy: Promise<string> | undefined;
  return {
    async verify(stored, password) {
      decoy ??= hashPassword(newSecret());
      const matches = await check(stored ?? (await decoy), password).catch(() => false);
      return typeof stored === 'string' && matches;
    },
  };
}
