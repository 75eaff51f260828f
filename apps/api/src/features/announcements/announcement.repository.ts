import type { TenantTrx } from '@preau/tenancy';
import { Announcement } from './announcement.model.ts';

/** Held until the end of the transaction. */
export const lockAnnouncement = async (trx: TenantTrx, id: string): Promise<Announcement | undefined> =>
  Announcement.query(trx).findById(id).forUpdate();

export async function insertAnnouncement(trx: TenantTrx, row: Partial<Announcement>): Promise<Announcement> {
  return Announcement.query(trx).insert(row).returning('*');
}

export async function patchAnnouncement(
  trx: TenantTrx,
  { id, version }: Announcement,
  change: Partial<Announcement>,
): Promise<Announcement> {
  const [after] = await Announcement.query(trx)
    .patch({ ...change, updated_at: new Date(), version: version + 1 })
    .where({ id })
    .returning('*');
  if (!after) throw new Error(`Announcement ${id} went while it was held`);
  return after;
}

export const deleteAnnouncement = async (trx: TenantTrx, id: string): Promise<void> => {
  await Announcement.query(trx).deleteById(id);
};

/** Makes these its files, in this order. */
export async function putFiles(trx: TenantTrx, id: string, mediaIds: readonly string[]): Promise<void> {
  await trx.raw('DELETE FROM announcement_files WHERE announcement_id = ?', [id]);
  if (mediaIds.length > 0)
    await trx.raw(
      `INSERT INTO announcement_files (announcement_id, media_id, position)
       SELECT ?::uuid, media_id, position FROM unnest(?::uuid[]) WITH ORDINALITY AS f (media_id, position)`,
      [id, mediaIds as never],
    );
}

/** Writes down for the platform when it is to be published; null: no more. */
export async function planPublication(trx: TenantTrx, id: string, at: Date | null): Promise<void> {
  await trx.raw('SELECT tenant_api.plan_announcement(?::uuid, ?::timestamptz)', [id, at] as never);
}

/** @returns whether it had not been read before */
export async function markRead(trx: TenantTrx, id: string, userId: string): Promise<boolean> {
  const { rowCount } = await trx.raw(
    'INSERT INTO announcement_reads (announcement_id, user_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
    [id, userId],
  );
  return rowCount > 0;
}

/** Publishes what waits for its time, once: whoever comes second finds it published. */
export async function publishDue(trx: TenantTrx, id: string): Promise<Announcement | undefined> {
  const { rows } = await trx.raw(
    `UPDATE announcements SET status = 'published', published_at = publish_at, version = version + 1
     WHERE id = ? AND status = 'scheduled' AND publish_at <= now() RETURNING *`,
    [id],
  );
  return rows[0];
}

/** Those that wait for their time, with it. */
export async function scheduledOnes(trx: TenantTrx): Promise<{ id: string; publish_at: Date }[]> {
  const { rows } = await trx.raw("SELECT id, publish_at FROM announcements WHERE status = 'scheduled'");
  return rows;
}
