import { BOOT_ELEMENT_ID, type Boot } from '@preau/contracts/boot';
import { inject, type App, type InjectionKey } from 'vue';

/** What the server wrote into the page for this host. */
export function readBoot(root: Document = document): Boot {
  const text = root.getElementById(BOOT_ELEMENT_ID)?.textContent;
  if (!text) throw new Error(`The page has no #${BOOT_ELEMENT_ID}: it was not served by Préau`);
  return JSON.parse(text) as Boot;
}

const BOOT: InjectionKey<Boot> = Symbol('preau-boot');

export function provideBoot(app: App, boot: Boot): void {
  app.provide(BOOT, boot);
}

export function useBoot(): Boot {
  const boot = inject(BOOT);
  if (!boot) throw new Error('useBoot needs provideBoot(app)');
  return boot;
}

/** Address of a host below the base domain (`console`, a school's subdomain), or of the base itself. */
export function addressOf({ scheme, domain, port }: Boot['base'], label?: string): string {
  const host = label ? `${label}.${domain}` : domain;
  return `${scheme}://${host}${port === null ? '' : `:${port}`}`;
}
