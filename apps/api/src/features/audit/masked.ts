/** Names of fields whose values open something. `postal_code` and `password_min_length` are none. */
const SECRET =
  /(?:^|_)(?:password|passphrase|secret|token|authorization|cookie|otp|totp|private_key|api_key|signature)$|_hash$|^(?:code|recovery_codes|challenge)$/i;

export const MASK = '•••';

/** A value as the trail may keep it: what fields of secrets hold is blotted out, however deep. Null stays null. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (value instanceof Date || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET.test(name) && inner !== null && typeof inner !== 'boolean' ? MASK : masked(inner),
    ]),
  );
}
