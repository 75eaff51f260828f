/** Milliseconds of the clock that all processes of a machine share; nobody sets it. */
export const monotonic = (): number => Number(process.hrtime.bigint()) / 1e6;
