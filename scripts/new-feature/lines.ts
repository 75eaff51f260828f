import type { FeatureNames } from './names.ts';

/** Lines that a person adds to a table of contents: what the product consists of stays something that is read. */
export interface HandLine {
  /** Path from the repository's root. */
  file: string;
  text: string;
  /** The line above which they go; there is exactly one. */
  before: string;
}

/** The lines for a feature, in the order of the files. */
export function linesByHand(
  { path, key, things, Thing, Words, french }: FeatureNames,
  module: boolean,
): HandLine[] {
  const lines: HandLine[] = [
    {
      file: 'packages/contracts/src/permissions.ts',
      before: '} as const satisfies Record<string, PermissionEntry>;',
      text:
        `  '${key}:read': { roles: SCHOOL, scope: false },\n` +
        `  '${key}:write': { roles: ['admin', 'teacher', 'staff'], scope: false },`,
    },
    {
      file: 'apps/api/src/features/index.ts',
      before: '/** The table of contents: what the product can do, in the order of the documentation. */',
      text: `import { ${things}Feature } from './${path}/${path}.feature.ts';\n`,
    },
    { file: 'apps/api/src/features/index.ts', before: '];', text: `  ${things}Feature,` },
    {
      file: 'apps/api/src/services.ts',
      before: '/** Everything the product can do, for routes and commands alike. */',
      text: `import { create${Thing}Service, type ${Thing}Service } from './features/${path}/index.ts';\n`,
    },
    {
      file: 'apps/api/src/services.ts',
      before: '  lastAccess: LastAccess;',
      text: `  ${things}: ${Thing}Service;`,
    },
    {
      file: 'apps/api/src/services.ts',
      before: '    lastAccess: createLastAccess(tenancy, { onError }),',
      text: `    ${things}: create${Thing}Service({ tenancy }),`,
    },
  ];
  if (!module) return lines;
  const definition: HandLine = {
    file: 'packages/contracts/src/modules.ts',
    before: '} as const satisfies Record<string, ModuleDefinition>;',
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

/**
 * Adds lines to the text of a file.
 * @throws Error when the line they go above is not there exactly once.
 */
export function insertLine(source: string, { file, before, text }: HandLine): string {
  const found = source.split('\n').filter((line) => line === before).length;
  if (found !== 1) throw new Error(`${file}: “${before}” is there ${found} times`);
  return source
    .split('\n')
    .flatMap((line) => (line === before ? [...text.split('\n'), line] : [line]))
    .join('\n');
}
