import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errorsPage, modulesPage, permissionsPage, routesPage } from './reference/contract-pages.ts';
import { commandsPage, configurationPage } from './reference/program-pages.ts';
import { realtimePage } from './reference/realtime-page.ts';
import { ROOT } from './stage.ts';

/** Where the generated pages live; they are committed, and a test holds them to the code. */
export const REFERENCE_FOLDER = path.join(ROOT, 'docs/reference/generated');

/** Every generated page by file name. */
export async function referencePages(): Promise<Map<string, string>> {
  return new Map([
    ['configuration.md', configurationPage()],
    ['command-line.md', commandsPage()],
    ['errors.md', errorsPage()],
    ['permissions.md', await permissionsPage()],
    ['modules.md', modulesPage()],
    ['realtime.md', realtimePage()],
    ['routes.md', await routesPage()],
  ]);
}

/** Writes the pages; a page that nothing generates any more is removed. */
async function writeReference(): Promise<string[]> {
  const pages = await referencePages();
  fs.mkdirSync(REFERENCE_FOLDER, { recursive: true });
  for (const file of fs.readdirSync(REFERENCE_FOLDER)) {
    if (!pages.has(file)) fs.rmSync(path.join(REFERENCE_FOLDER, file));
  }
  for (const [file, text] of pages) fs.writeFileSync(path.join(REFERENCE_FOLDER, file), text);
  return [...pages.keys()];
}

if (import.meta.main) {
  for (const file of await writeReference()) process.stdout.write(`docs/reference/generated/${file}\n`);
  // Imports of the application may leave handles open.
  process.exit(0);
}
