import type { Taken } from './take.ts';

const PEOPLE = {
  superadmin: 'a super-admin',
  direction: 'an administrator',
  enseignante: 'a teacher',
  eleve: 'a student',
  parent: 'a parent',
};
const FACES = { public: 'Public site', portal: 'Portal of a school', console: 'Console' };

const faceOf = ({ scene: { host, name } }: Taken): keyof typeof FACES =>
  host === 'console' ? 'console' : host === undefined || name === 'unknown-host' ? 'public' : 'portal';

function entryOf({ scene: { name, path, as }, heading }: Taken): string {
  const seen = as ? `as ${PEOPLE[as]}` : 'as a visitor';
  return [
    `### ${name}`,
    '',
    `\`${path}\`, ${seen}.`,
    '',
    `![${heading.replaceAll(/[[\]]/g, '')}](../public/screenshots/${name}.wide.light.fr.png)`,
    '',
  ].join('\n');
}

/** The page of the documentation that shows every screen, in Markdown. */
export function screensPage(taken: readonly Taken[]): string {
  const parts = (Object.keys(FACES) as (keyof typeof FACES)[]).flatMap((face) => [
    `## ${FACES[face]}`,
    '',
    ...taken.filter((one) => faceOf(one) === face).map(entryOf),
  ]);
  return `# Screens

Every screen with the demo data, 1440 wide, in light mode and French; the browser tests visit the same ones, on a telephone, in dark mode and English too. Made by \`pnpm shots\`.

${parts.join('\n')}`;
}
