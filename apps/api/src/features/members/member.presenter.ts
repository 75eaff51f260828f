import type { Member } from '@preau/contracts/members';
import type { MemberRow } from './member.read-model.ts';

export const presentMember = (row: MemberRow): Member => ({
  id: row.id,
  email: row.email,
  full_name: row.full_name,
  role: row.role,
  status: row.status,
  title: row.title,
  phone: row.phone,
  created_at: row.created_at.toISOString(),
  last_active_on: row.last_active_on,
  open_sessions: row.open_sessions,
});
