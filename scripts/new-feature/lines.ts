import type { FeatureNames } from './names.ts';

/** Lines that a person adds to a table of contents: what the product consists of stays something that is read. */
export interface HandLine {
  /** Path from the repository's root. */
  file: string;
  text: string;
  /** The line above which they go, of which there is one; or the array at whose end, by its name. */
  place: { above: string } | { endOf: string };
}

/** The lines for a feature, in the order of the files. */
export function linesByHand(
  { path, key, things, Thing, Words, french }: FeatureNames,
  module: boolean,
): HandLine[] {
  const lines: HandLine[] = [
    {
      file: 'packages/contracts/src/permissions.ts',
      place: { above: '} as const satisfies Record<string, PermissionEntry>;' },
      text:
        `  '${key}:read': { roles: SCHOOL, scope: false },\n` +
        `  '${key}:write': { roles: ['admin', 'teacher', 'staff'], scope: false },`,
    },
    {
      file: 'apps/api/src/features/index.ts',
      place: {
        above: '/** The table of contents: what the product can do, in the order of the documentation. */',
      },
      text: `import { ${things}Feature } from './${path}/${path}.feature.ts';\n`,
    },
    { file: 'apps/api/src/features/index.ts', place: { endOf: 'features' }, text: `${things}Feature` },
    {
      file: 'apps/api/src/services.ts',
      place: { above: '/** Everything the product can do, for routes and commands alike. */' },
      text: `import { create${Thing}Service, type ${Thing}Service } from './features/${path}/index.ts';\n`,
    },
    {
      file: 'apps/api/src/services.ts',
      place: { above: '  lastAccess: LastAccess;' },
      text: `  ${things}: ${Thing}Service;`,
    },
    {
      file: 'apps/api/src/services.ts',
      place: { above: '    lastAccess: createLastAccess(tenancy, { onError }),' },
      text: `    ${things}: create${Thing}Service({ tenancy }),`,
    },
  ];
  const portal = 'apps/web/src/features/index.ts';
  lines.push(
    {
      file: portal,
      place: {
        above:
          '/** Table of contents of the portal: the modules of a school, in the order of the navigation. */',
      },
      text: `import { ${things}Module } from './${path}/index.ts';\n`,
    },
    { file: portal, place: { endOf: 'MODULES_OF_THE_PORTAL' }, text: `${things}Module` },
  );
  if (!module) return lines;
  const definition: HandLine = {
    file: 'packages/contracts/src/modules.ts',
    place: { above: '} as const satisfies Record<string, ModuleDefinition>;' },
    text: [
      `  ${key}: {`,
      `    name: { fr: '${french}', en: '${Words}' },`,
      `    description: { fr: '${french} de l’établissement.', en: '${Words} of the school.' },`,
      '    alwaysOn: false,',
      "    dependsOn: ['schools'],",
      '    defaultFor: EVERY_TYPE,',
      '  },',
    ].join('\n'),
  };
  return [definition, ...lines];
}

/** Before the `]` of `const name … = [ … ];`, whether it is written on one line or on several. */
function insertAtEnd(source: string, name: string, text: string): string | undefined {
  const array = new RegExp(`(const ${name}\\b[^=]*= \\[)([^\\]]*)\\];`).exec(source);
  if (!array) return undefined;
  const [whole, head = '', body = ''] = array;
  const comma = /[^\s,]\s*$/.test(body) ? ', ' : '';
  return source.replace(whole, () => `${head}${body.trimEnd()}${comma}${text}];`);
}

/**
 * Adds lines to the text of a file; the formatter does the rest.
 * @throws Error when their place is not there exactly once.
 */
export function insertLine(source: string, { file, place, text }: HandLine): string {
  if ('endOf' in place) {
    const inserted = insertAtEnd(source, place.endOf, text);
    if (inserted === undefined) throw new Error(`${file}: no array ${place.endOf}`);
    return inserted;
  }
  const lines = source.split('\n');
  const found = lines.filter((line) => line === place.above).length;
  if (found !== 1) throw new Error(`${file}: “${place.above}” is there ${found} times`);
  return lines.flatMap((line) => (line === place.above ? [...text.split('\n'), line] : [line])).join('\n');
}
