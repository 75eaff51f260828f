import { MEDIA_VARIANTS, type MediaVariant } from '@preau/contracts/media';
import { AppError } from '../../platform/app-error.ts';
import type { SecretKeys } from '../../platform/secret-keys.ts';

const PURPOSE = 'media link';
const WHOLE = 'file';

export interface SharedFile {
  id: string;
  variant: MediaVariant | undefined;
  expiresAt: Date;
}

const signed = (tenantId: string, id: string, variant: string, expires: string): string =>
  [tenantId, id, variant, expires].join('|');

/** Tokens that stand for one file of one school, or one picture of it, until a time. Nothing of them is stored. */
export function createMediaLinks({ secrets }: { secrets: SecretKeys }) {
  return {
    token(tenantId: string, { id, variant, expiresAt }: SharedFile): string {
      const expires = Math.floor(expiresAt.getTime() / 1_000).toString(36);
      const part = variant ?? WHOLE;
      const mark = secrets.mark(PURPOSE, signed(tenantId, id, part, expires)).toString('base64url');
      return [id, part, expires, mark].join('.');
    },

    /** What a token of this school stands for. Throws `not_found` for any other text, `link_expired` for what was one. */
    open(tenantId: string, token: string): SharedFile {
      const [id = '', part = '', expires = '', mark = '', ...more] = token.split('.');
      const right =
        more.length === 0 &&
        secrets.isMark(PURPOSE, signed(tenantId, id, part, expires), Buffer.from(mark, 'base64url'));
      if (!right) throw new AppError('not_found');
      const expiresAt = new Date(Number.parseInt(expires, 36) * 1_000);
      if (expiresAt.getTime() <= Date.now()) throw new AppError('link_expired');
      return { id, variant: part in MEDIA_VARIANTS ? (part as MediaVariant) : undefined, expiresAt };
    },
  };
}
export type MediaLinks = ReturnType<typeof createMediaLinks>;
