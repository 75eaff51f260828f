import type { DataOf, OperationAnswer, OperationContract } from '@preau/contracts/realtime';
import type { Language } from '@preau/contracts/vocabulary';
import type { Actor, KeyActor, Origin, UserActor } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';

/** What a feature may do with a socket that is connected. */
export interface Connected {
  readonly socketId: string;
  /** The school, as it is now. */
  readonly tenant: TenantSnapshot;
  /** Who opened it. */
  readonly actor: UserActor | KeyActor;
  /** Enters a room of the feature's own; names begin with the feature's. */
  join(room: string): void;
  leave(room: string): void;
  /** Says something to this socket alone. */
  send(op: string, data: Record<string, unknown>): void;
}

/** A message that came on a socket, checked: its sender may do this, now, at this school. */
export interface OperationCall<O extends OperationContract = OperationContract> {
  data: DataOf<O>;
  connected: Connected;
  /** Who sends it: nobody known once the session has ended, for a consumer that stays. */
  actor: Actor;
  origin: Origin;
  tenant: TenantSnapshot;
  language: Language;
}

export interface BoundOperation {
  contract: OperationContract;
  handler: (call: OperationCall) => Promise<unknown>;
}

/** Joins an operation's contract to what receives it. What it answers is the acknowledgement. */
export function bindOperation<const O extends OperationContract>(
  contract: O,
  handler: (call: OperationCall<O>) => Promise<OperationAnswer<O>>,
): BoundOperation {
  return { contract, handler };
}

/** What a feature does with sockets: when one connects, for each operation, and when one is gone. */
export interface RealtimePart {
  /**
   * Sockets that are opened for this part alone, by name. Without one the part belongs to the sockets of the portal.
   * `staysWhenLoggedOut`: they outlive the session that opened them, without the rooms of the member and of the school.
   */
  consumer?: { name: string; staysWhenLoggedOut?: boolean };
  connect?(connected: Connected): Promise<void>;
  operations?: readonly BoundOperation[];
  disconnect?(connected: Connected): Promise<void>;
}
