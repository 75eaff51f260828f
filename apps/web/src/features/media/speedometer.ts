/** Milliseconds over which the speed is told: shorter jumps about, longer keeps telling what was. */
const WINDOW = 3_000;

/** Bytes a second over the last moments, from bytes sent so far. */
export function createSpeedometer(now: () => number = () => performance.now()) {
  const seen: { at: number; bytes: number }[] = [{ at: now(), bytes: 0 }];
  return {
    /** @returns null for as long as nothing can be told. */
    at(bytes: number): number | null {
      const at = now();
      seen.push({ at, bytes });
      while (seen.length > 2 && at - (seen[1]?.at ?? at) >= WINDOW) seen.shift();
      const first = seen[0] ?? { at, bytes };
      const elapsed = at - first.at;
      return elapsed < 200 ? null : ((bytes - first.bytes) / elapsed) * 1_000;
    },
  };
}
