import Fastify from 'fastify';
import { readFileSync } from 'node:fs';
import pg from 'pg';
import type { Statement } from './statements.ts';

/** Peer of the list: Fastify and pg with nothing between, one message a statement, the default serialiser. */

interface Row {
  id: string;
  title: string;
  body: string;
  pinned: boolean;
  author_id: string | null;
  author_name: string;
  created_at: Date;
  updated_at: Date;
  status: string;
  public: boolean;
  audience_roles: string[];
  audience_groups: string[];
  read: boolean;
  attachment_count: number;
  publish_at: Date | null;
  published_at: Date | null;
  expires_at: Date | null;
}

const { BENCH_LIST = '', DATABASE_URL = '', PORT } = process.env;
const { poolMax, statements, page } = JSON.parse(readFileSync(BENCH_LIST, 'utf8')) as {
  poolMax: number;
  /** From BEGIN to COMMIT. */
  statements: Statement[];
  /** Parts of the answer that no statement gives. */
  page: { next: string | null; previous: string | null; may_edit: boolean; excerpt: string };
};

const pool = new pg.Pool({ connectionString: DATABASE_URL, max: poolMax });

async function list() {
  const client = await pool.connect();
  let count = 0;
  let rows: Row[] = [];
  try {
    for (const { text, values } of statements) {
      const result = await client.query(text, values);
      if (result.fields.some(({ name }) => name === 'count')) count = result.rows[0].count;
      if (result.fields.some(({ name }) => name === 'title')) rows = result.rows;
    }
  } finally {
    client.release();
  }
  return {
    count,
    next: page.next,
    previous: page.previous,
    results: rows.map((row) => ({
      id: row.id,
      title: row.title,
      body: row.body,
      excerpt: page.excerpt,
      pinned: row.pinned,
      status: row.status,
      public: row.public,
      audience: { roles: row.audience_roles, groups: row.audience_groups },
      author: { id: row.author_id, name: row.author_name },
      may_edit: page.may_edit,
      read: row.read,
      attachment_count: row.attachment_count,
      publish_at: row.publish_at?.toISOString() ?? null,
      published_at: row.published_at?.toISOString() ?? null,
      expires_at: row.expires_at?.toISOString() ?? null,
      created_at: row.created_at.toISOString(),
      updated_at: row.updated_at.toISOString(),
    })),
  };
}

const app = Fastify({ logger: false });
app.get('/api/v1/announcements/', list);
await app.listen({ port: Number(PORT), host: '127.0.0.1' });
