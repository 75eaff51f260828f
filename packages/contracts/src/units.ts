/** Bytes of a gigabyte, wherever a school's storage is told or limited: as the unit is defined, and as screens show sizes. */
export const BYTES_PER_GB = 1_000_000_000;
