/**
 * Tables of a school whose rows speak of files in the store, with the column of the key and that of the length. What is below a
 * school's prefix and in none of them is nobody's; the sum of the lengths is what the ledger says is stored.
 */
export const STORED_FILES: Readonly<Record<string, { key: string; bytes: string }>> = {
  media_files: { key: 'storage_key', bytes: 'bytes' },
  media_variants: { key: 'storage_key', bytes: 'bytes' },
};
