import type { SchoolRole } from '@preau/contracts/vocabulary';
import { AppError } from '../../platform/app-error.ts';
import type { Actor, UserActor } from '../audit/index.ts';

export type Talker = UserActor & { role: SchoolRole };

/** A person of the school: neither a key nor somebody who is let in to help reads what people say to each other. */
export function talker(actor: Actor): Talker {
  if (actor.type !== 'user' || actor.role === 'superadmin' || actor.support)
    throw new AppError('permission_denied', { details: { permission: 'messaging:use' } });
  return actor as Talker;
}
