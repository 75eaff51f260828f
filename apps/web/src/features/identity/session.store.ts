import type { Me } from '@preau/contracts/identity';
import type { Permission } from '@preau/contracts/permissions';
import { defineStore } from 'pinia';
import { ref, shallowRef } from 'vue';
import { isProblem } from '../../shared/problem.ts';
import * as api from './identity.api.ts';

/** Who is logged in on this host. */
export const useSession = defineStore('session', () => {
  /** Undefined until the server was asked; null for a visitor. Whose session is over is still here: see {@link isOver}. */
  const me = shallowRef<Me | null | undefined>(undefined);
  /** The session has ended, and its page waits, covered, for the same person. It stays so when somebody else comes. */
  const isOver = ref(false);
  /** How often the same person has come back. */
  const rounds = ref(0);
  /** Left on purpose: nothing is to lead back. */
  const isLeft = ref(false);
  /** Taken off the school, or its support that it has shown out: logging in again would be in vain. */
  const isShownOut = ref(false);
  let asking: Promise<Me | null> | undefined;

  async function ask(): Promise<Me | null> {
    try {
      const now = await api.whoAmI();
      // Somebody else has logged in, in another window.
      if (me.value && me.value.id !== now.id) isOver.value = true;
      begin(now);
      return now;
    } catch (error) {
      if (isProblem(error) && error.status === 401 && me.value) {
        end();
        return me.value;
      }
      // Closed schools and wrong hosts have no visitor's page either, but that is for the shell to show.
      if (isProblem(error) && [401, 403].includes(error.status)) return (me.value = null);
      throw error;
    } finally {
      asking = undefined;
    }
  }

  /** Asks the server once, however many want to know. */
  function load(): Promise<Me | null> {
    return me.value === undefined ? (asking ??= ask()) : Promise.resolve(me.value);
  }

  /** Something about the person has changed. */
  function reload(): Promise<Me | null> {
    return (asking ??= ask());
  }

  async function logIn(email: string, password: string, code?: string): Promise<void> {
    begin(await api.logIn(email, password, code));
  }

  /** Leaves on purpose, by what ends the session at the server. */
  async function leaveBy(asks: () => Promise<unknown>): Promise<void> {
    // Its socket may hear of it before the answer is here.
    isLeft.value = true;
    try {
      await asks();
    } catch (error) {
      isLeft.value = false;
      throw error;
    }
    leave();
  }

  const logOut = (): Promise<void> => leaveBy(api.logOut);

  /** A session has begun: by a log-in, an invitation, a provider. */
  function begin(now: Me): void {
    const isSame = me.value?.id === now.id;
    me.value = now;
    isShownOut.value = false;
    if (!isOver.value || !isSame) return;
    isOver.value = false;
    rounds.value += 1;
  }

  /** The server says that it is over: what its person was at is kept for them. */
  function end(): void {
    // No password lets the support in again: its way leads through the console.
    if (me.value?.support) leave({ onPurpose: false });
    else if (me.value) isOver.value = true;
    else me.value = null;
  }

  /** Nobody is to come back to this page. */
  function leave({ onPurpose = true } = {}): void {
    isLeft.value ||= onPurpose;
    me.value = null;
  }

  function showOut(): void {
    isShownOut.value = true;
    leave({ onPurpose: false });
  }

  const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

  return {
    me,
    isOver,
    rounds,
    isLeft,
    isShownOut,
    load,
    reload,
    logIn,
    logOut,
    leaveBy,
    begin,
    end,
    leave,
    showOut,
    may,
  };
});
