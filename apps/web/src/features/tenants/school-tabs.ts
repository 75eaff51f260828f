/** Tabs of a school's page in the console; all but the first have an address of their own. */
export const SCHOOL_TABS = [
  'overview',
  'stats',
  'domains',
  'modules',
  'members',
  'keys',
  'support',
  'backups',
  'audit',
  'settings',
] as const;
export type SchoolTab = (typeof SCHOOL_TABS)[number];
