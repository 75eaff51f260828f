/** Tabs of a school's page in the console; all but the first have an address of their own. */
export const SCHOOL_TABS = [
  'overview',
  'modules',
  'domains',
  'members',
  'keys',
  'support',
  'backups',
  'settings',
  'stats',
] as const;
export type SchoolTab = (typeof SCHOOL_TABS)[number];
