import type { DemoAccount } from './database/seeds/demo.ts';
import type { FirstSuperadmin } from './features/identity/index.ts';
import { urlOf, type PublicBase } from './features/tenants/index.ts';

export interface WelcomeFacts {
  base: PublicBase;
  dataDir: string;
  /** Only when it was made now: the password is printed once. */
  superadmin: FirstSuperadmin | null;
  demo: readonly DemoAccount[];
}

/** What a person needs to know once the product answers. */
export function welcome({ base, superadmin, demo, dataDir }: WelcomeFacts): string {
  const lines = [
    '',
    `  Préau is ready`,
    '',
    `  Public site  ${urlOf(base, base.domain)}`,
    `  Console      ${urlOf(base, `console.${base.domain}`)}`,
    `  API          ${urlOf(base, base.domain)}/api/v1/docs/`,
  ];
  if (superadmin) {
    lines.push('', `  Super-admin  ${superadmin.email}`);
    if (superadmin.generated) lines.push(`  Password     ${superadmin.generated}   (shown this once)`);
  } else lines.push('', '  A forgotten password: preau users reset-password <e-mail>');
  if (demo.length > 0) {
    lines.push('', '  Demo schools and their people:');
    for (const account of demo)
      lines.push(
        `    ${urlOf(base, `${account.subdomain}.${base.domain}`)}`.padEnd(46) +
          `${account.email}   ${account.password}`,
      );
  }
  lines.push('', `  Data in ${dataDir}`, '', '');
  return lines.join('\n');
}
