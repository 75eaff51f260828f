import { tenantOpening } from '@preau/tenancy';
import { withClient } from '@preau/postgres-launcher';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../src/database/database.ts';
import { SYSTEM, type Actor } from '../src/features/audit/index.ts';
import { createAnnouncementService } from '../src/features/announcements/index.ts';
import { ask } from './ask.ts';
import type { Comparison, PeerOptions } from './compare.ts';
import type { Installation } from './installation.ts';
import { startServer } from './processes.ts';
import type { School } from './school.ts';
import { oneByOne, recordStatements, type Statement } from './statements.ts';

const PAGE = { page: 1, page_size: 20 };
/** As whose cookie the product is asked: what is asked of the database depends on the reader. */
const READER: Actor = {
  type: 'user',
  id: '01890000-0000-7000-8000-000000000000',
  label: 'direction@example.org',
  fullName: 'Direction',
  role: 'admin',
  tenantId: null,
  sessionId: '',
  expiresAt: new Date(0),
  mustEnrol: false,
};
const LIST_PATH = `/api/v1/announcements/?page_size=${PAGE.page_size}`;
const ANNOUNCEMENTS = 200;
const TEXT =
  'La réunion aura lieu dans le préau. Inscrivez-vous auprès de la vie scolaire avant vendredi midi. ';

/** Fills the school's list. */
async function publish({ services, postgres }: Installation, school: School): Promise<void> {
  for (let number = 1; number <= ANNOUNCEMENTS; number += 1) {
    await services.announcements.create(school, SYSTEM, {
      title: `Annonce ${number}`,
      body: TEXT.repeat(3),
      pinned: number % 50 === 0,
    });
  }
  const url = new URL(postgres.adminUrl);
  url.pathname = new URL(postgres.url).pathname;
  // Otherwise autovacuum does it in the middle of a round.
  await withClient(url.href, (client) => client.query(`VACUUM ANALYZE ${school.schemaName}.announcements`));
}

/** What the product sends for this list, one statement a message, from BEGIN to COMMIT. */
async function statementsOfList({ postgres }: Installation, school: School): Promise<Statement[]> {
  const database = await openDatabase({ url: postgres.url });
  const announcements = createAnnouncementService(database);
  const recorded = await recordStatements(async () => {
    await announcements.list(school, PAGE, READER);
    // A read answers before its COMMIT is sent; closing waits for it.
    await database.close();
  });
  const statements = oneByOne(recorded);
  const from = statements.findIndex(({ text }) => text.startsWith('BEGIN'));
  const opening = oneByOne([{ text: tenantOpening(school, { readOnly: true }), values: [] }]);
  const complete =
    opening.every(({ text }, at) => statements[from + at]?.text === text) &&
    statements.at(-1)?.text.startsWith('COMMIT');
  if (!complete)
    throw new Error(
      `The list sends other statements than the peer can repeat:\n${statements.map(({ text }) => text).join('\n')}`,
    );
  return statements.slice(from);
}

/** A school's list of 20 rows for a member, against Fastify and pg running the same statements. */
export async function listComparison(
  installation: Installation,
  school: School,
  peerOptions: PeerOptions = {},
): Promise<Comparison> {
  const { server, folder, endings, poolMax, postgres } = installation;
  await publish(installation, school);
  const headers = { Host: school.host, Cookie: school.cookie };
  const { next, previous, results } = JSON.parse((await ask(server.url + LIST_PATH, { headers })).body);
  const page = { next, previous, may_edit: results[0].may_edit, excerpt: results[0].excerpt };
  const statements = await statementsOfList(installation, school);
  const file = path.join(folder, 'list.json');
  fs.writeFileSync(file, JSON.stringify({ poolMax, statements, page }));
  const peer = await startServer({
    script: fileURLToPath(new URL('./bare-list.ts', import.meta.url)),
    readyPath: LIST_PATH,
    environment: { BENCH_LIST: file, DATABASE_URL: postgres.url },
    endings,
    ...peerOptions,
  });
  return { name: 'list', path: LIST_PATH, headers, connections: 16, product: server, peer, goal: 0.6 };
}
