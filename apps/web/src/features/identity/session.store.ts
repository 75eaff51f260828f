import type { Me } from '@preau/contracts/identity';
import type { Permission } from '@preau/contracts/permissions';
import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import { isProblem } from '../../shared/problem.ts';
import * as api from './identity.api.ts';

/** Who is logged in on this host. */
export const useSession = defineStore('session', () => {
  /** Undefined until the server was asked; null for a visitor. */
  const me = shallowRef<Me | null | undefined>(undefined);
  let asking: Promise<Me | null> | undefined;

  async function ask(): Promise<Me | null> {
    try {
      return (me.value = await api.whoAmI());
    } catch (error) {
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
    me.value = await api.logIn(email, password, code);
  }

  async function logOut(): Promise<void> {
    await api.logOut();
    me.value = null;
  }

  /** Accepting an invitation opens a session. */
  function begin(member: Me): void {
    me.value = member;
  }

  /** The server says that it is over. */
  function end(): void {
    me.value = null;
  }

  const may = (permission: Permission): boolean => me.value?.permissions.includes(permission) ?? false;

  return { me, load, reload, logIn, logOut, begin, end, may };
});
