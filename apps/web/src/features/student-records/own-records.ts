import { computed, type ComputedRef } from 'vue';
import { useSession } from '../identity/index.ts';

/** What their records are called to those who see but their own or their children's: where the words for it are. */
export function useOwnRecords(): ComputedRef<'children' | 'own_record' | undefined> {
  const session = useSession();
  return computed(() => {
    if (session.me?.role === 'parent') return 'children';
    return session.me?.role === 'student' ? 'own_record' : undefined;
  });
}
