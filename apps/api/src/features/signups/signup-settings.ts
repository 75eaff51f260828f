import { DEFAULT_SIGNUP_SETTINGS, type SignupSettings } from '@preau/contracts/signups';
import type { CentralTrx } from '@preau/tenancy';

const KEY = 'signup';

export async function readSignupSettings(trx: CentralTrx, lock = false): Promise<SignupSettings> {
  const { rows } = await trx.raw(
    `SELECT value FROM public.platform_settings WHERE key = ?${lock ? ' FOR UPDATE' : ''}`,
    [KEY],
  );
  return { ...DEFAULT_SIGNUP_SETTINGS, ...(rows[0]?.value as Partial<SignupSettings> | undefined) };
}

export async function writeSignupSettings(trx: CentralTrx, settings: SignupSettings): Promise<void> {
  await trx.raw(
    `INSERT INTO public.platform_settings (key, value) VALUES (?, ?::jsonb)
     ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    [KEY, JSON.stringify(settings)],
  );
}
