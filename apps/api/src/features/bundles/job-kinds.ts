/** Writes an archive. */
export const MAKE = 'bundle.make';
/** Brings a school back from one. */
export const RESTORE = 'bundle.restore';
/** Makes another school of one. */
export const CLONE = 'bundle.clone';
/** Takes away what a restored school had before. */
export const TIDY = 'bundle.tidy';
/** Holds an archive against its checksums, or against the school. */
export const VERIFY = 'bundle.verify';
/** Daily: archives whose time is over, schools whose time is over, backups of the schedule. */
export const CARE = 'bundle.care';
