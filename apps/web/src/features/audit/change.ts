import type { AuditRow } from '@preau/contracts/audit';

/** What is done to things, by the last word of an action; each has its sentence part under `changes.by`. */
const VERBS: Readonly<Record<string, readonly string[]>> = {
  add: ['add', 'create', 'upload'],
  change: [
    'members',
    'rename',
    'replace',
    'teachers',
    'update',
    'update_contact',
    'update_mark',
    'update_profile',
  ],
  settings: ['settings', 'update_settings'],
  modules: ['update_modules'],
  copy: ['clone'],
  remove: ['delete', 'remove', 'remove_member', 'take_back'],
  erase: ['erased', 'purge'],
  archive: ['archive'],
  close: ['deactivate'],
  publish: ['publish'],
  send: ['resend', 'send'],
  accept: ['approve', 'accept'],
  refuse: ['refuse', 'return'],
  revoke: ['revoke', 'withdraw'],
  restore: ['restore', 'restore_backup'],
  export: ['export'],
  open: ['activate', 'open', 'open_file'],
  ask: ['ask'],
  ask_address: ['request_email'],
  ask_password: ['request_reset'],
  begin: ['begin', 'provision'],
  cancel: ['cancel'],
  check: ['check', 'verify'],
  report: ['report'],
  start: ['start'],
  end: ['close', 'end', 'end_all', 'end_others', 'end_sessions'],
  read: ['list', 'list_members', 'read'],
};

/** The verb of an action (`event.create` is `add`); null for what has none of its own. */
export function verbOf(action: string): string | null {
  const last = action.slice(action.lastIndexOf('.') + 1);
  return Object.keys(VERBS).find((verb) => VERBS[verb]?.includes(last)) ?? null;
}

/** What the thing is called, where what was written down of it says so. */
export function nameOf({ before, after }: Pick<AuditRow, 'before' | 'after'>): string | null {
  for (const side of [after, before]) {
    if (typeof side !== 'object' || side === null) continue;
    const { title, name } = side as { title?: unknown; name?: unknown };
    for (const text of [title, name]) if (typeof text === 'string' && text.trim()) return text.trim();
  }
  return null;
}
