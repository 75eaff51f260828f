const HEX_COLOUR = /^#[0-9a-f]{6}$/i;

/** Whether `value` is `#RRGGBB`, in any case. Short forms, names and alpha are not. */
export function isHexColour(value: string): boolean {
  return HEX_COLOUR.test(value);
}

/**
 * `#RRGGBB` in lower case.
 * @throws RangeError when `value` is not `#RRGGBB`
 */
export function normaliseHex(value: string): string {
  if (!isHexColour(value)) throw new RangeError(`not a #RRGGBB colour: ${value}`);
  return value.toLowerCase();
}

/** The three channels of a valid `#RRGGBB`, each 0–255. */
export function channels(hex: string): [red: number, green: number, blue: number] {
  const bits = Number.parseInt(hex.slice(1), 16);
  return [bits >> 16, (bits >> 8) & 255, bits & 255];
}
