import { useQueryCache } from '@pinia/colada';
import type { CloseCode } from '@preau/contracts/realtime-vocabulary';
import { watch } from 'vue';
import { paintTheme, useSchool } from '../../features/current-tenant/index.ts';
import { useSession } from '../../features/identity/index.ts';
import { onMessage, onResync, startRealtime, stopRealtime } from '../../shared/realtime/index.ts';

/** Ends of a session after which nobody comes back to the page. */
const GONE = new Set<CloseCode>(['logged_out', 'key_revoked']);
/** Those that the school has decided, of members and of the support. */
const SHOWN_OUT = new Set<CloseCode>(['left_school', 'support_ended']);

/** What the school says of itself while its portal is open: other colours, other modules, the end of the session. */
export function followLive(): void {
  const school = useSchool();
  const session = useSession();
  const cache = useQueryCache();
  const quietly = (work: Promise<unknown>): void => void work.catch(() => undefined);

  async function wear(): Promise<void> {
    await school.refresh();
    if (school.theme) await paintTheme(school.theme);
  }

  onMessage('theme.changed', ({ version }) => {
    if (school.theme?.version === version) return;
    quietly(wear());
  });
  onMessage('modules.changed', () => quietly(school.refresh()));
  onMessage('groups.changed', () => quietly(cache.invalidateQueries({ key: ['groups'] })));
  onMessage('notifications.changed', () => quietly(cache.invalidateQueries({ key: ['notifications'] })));
  onMessage('announcements.changed', () => quietly(cache.invalidateQueries({ key: ['announcements'] })));
  onMessage('events.changed', () => quietly(cache.invalidateQueries({ key: ['agenda'] })));
  onResync(() => quietly(cache.invalidateQueries()));
  // Nothing was heard while its person was away.
  watch(
    () => session.rounds,
    () => quietly(cache.invalidateQueries()),
  );

  watch(
    () =>
      session.me && !session.isOver && !session.me.must_enrol && school.state === 'open'
        ? session.me.id
        : null,
    (id) => {
      if (id === null) return stopRealtime();
      quietly(
        startRealtime({
          onClosing({ code, reason, since }) {
            if (code === 'tenant_inactive') school.close(reason, since);
            // The server says then what there is at this address.
            else if (code === 'tenant_not_found') location.reload();
            // Still logged in: the page says what is to be set up first.
            else if (code === 'second_factor_missing') quietly(session.reload());
            else if (SHOWN_OUT.has(code)) session.showOut();
            else if (GONE.has(code)) session.leave({ onPurpose: false });
            else if (code !== 'too_many_sockets' && code !== 'too_many_messages') session.end();
          },
          onRefused(code) {
            if (code === 'not_authenticated') session.end();
            else if (code === 'wrong_host') session.leave({ onPurpose: false });
            // Its reason and since come with whatever the page asks next.
            else if (code === 'tenant_inactive') quietly(session.reload());
            else if (code === 'tenant_not_found') location.reload();
          },
        }),
      );
    },
    { immediate: true },
  );
}
