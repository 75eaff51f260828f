import type { Permission } from '@preau/contracts/permissions';
import type { Role } from '@preau/contracts/vocabulary';
import { computed, type ComputedRef } from 'vue';
import { useRoute } from 'vue-router';
import { useSession } from './session.store.ts';

declare module 'vue-router' {
  interface RouteMeta {
    /** What the reader of this page must be allowed; whoever is not is told whose it is. */
    permission?: Permission;
  }
}

/** The permission that the reader lacks for the page they have come to, by its address typed say; null when they may see it. */
export function useReserved(): ComputedRef<{ key: string; permission: Permission; role: Role } | null> {
  const route = useRoute();
  const session = useSession();
  return computed(() => {
    const { permission } = route.meta;
    if (permission === undefined || !session.me || session.may(permission)) return null;
    // Another of them is another page: its heading takes the focus.
    return { key: route.path, permission, role: session.me.role };
  });
}
