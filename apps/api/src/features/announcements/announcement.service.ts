import type { AnnouncementCreate, AnnouncementPatch } from '@preau/contracts/announcements';
import type { Tenancy, TenantRef, TenantTrx } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Actor, type Origin } from '../audit/index.ts';
import { Announcement } from './announcement.model.ts';
import { listAnnouncements } from './announcement.read-model.ts';

export type AnnouncementService = ReturnType<typeof createAnnouncementService>;

/** Authors change their own; administrators moderate all, and so do the keys that they gave out for it. */
export const mayEdit = (actor: Actor, announcement: Pick<Announcement, 'author_id'>): boolean =>
  actor.type === 'key' ||
  (actor.type === 'user' &&
    (actor.role === 'admin' ||
      (actor.role !== 'student' && actor.role !== 'parent' && actor.id === announcement.author_id)));

const shown = ({ title, body, pinned }: Announcement) => ({ title, body, pinned });

/** News of a school for its members. */
export function createAnnouncementService({ tenancy }: { tenancy: Tenancy }) {
  async function editable(
    trx: TenantTrx,
    origin: Origin,
    id: string,
    expected: number | undefined,
  ): Promise<Announcement> {
    const announcement = await Announcement.query(trx).findById(id).forUpdate();
    if (!announcement) throw new AppError('not_found');
    if (!mayEdit(origin.actor, announcement))
      throw new AppError('permission_denied', { details: { permission: 'announcements:write' } });
    if (expected !== undefined && announcement.version !== expected)
      throw new AppError('precondition_failed');
    return announcement;
  }

  return {
    list: (tenant: TenantRef, query: Parameters<typeof listAnnouncements>[1]) =>
      tenancy.read(tenant, ({ trx }) => listAnnouncements(trx, query)),

    get: (tenant: TenantRef, id: string): Promise<Announcement> =>
      tenancy.read(tenant, async ({ trx }) => {
        const announcement = await Announcement.query(trx).findById(id);
        if (!announcement) throw new AppError('not_found');
        return announcement;
      }),

    create: (tenant: TenantRef, origin: Origin, input: AnnouncementCreate): Promise<Announcement> =>
      tenancy.write(tenant, async ({ trx }) => {
        const { actor } = origin;
        const announcement = await Announcement.query(trx)
          .insert({
            id: uuidv7(),
            title: input.title.trim(),
            body: input.body,
            pinned: input.pinned ?? false,
            author_id: actor.id,
            author_name: actor.type === 'user' ? actor.fullName : actor.label,
          })
          .returning('*');
        await auditTenant(trx, origin, {
          action: 'announcement.create',
          target: { type: 'announcement', id: announcement.id },
          after: shown(announcement),
        });
        return announcement;
      }),

    update: (
      tenant: TenantRef,
      origin: Origin,
      id: string,
      input: AnnouncementPatch,
      expected?: number,
    ): Promise<Announcement> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await editable(trx, origin, id, expected);
        const [after] = await Announcement.query(trx)
          .patch({
            ...input,
            ...(input.title === undefined ? {} : { title: input.title.trim() }),
            updated_at: new Date(),
            version: before.version + 1,
          })
          .where({ id })
          .returning('*');
        if (!after) throw new AppError('not_found');
        await auditTenant(trx, origin, {
          action: 'announcement.update',
          target: { type: 'announcement', id },
          before: shown(before),
          after: shown(after),
        });
        return after;
      }),

    remove: (tenant: TenantRef, origin: Origin, id: string, expected?: number): Promise<void> =>
      tenancy.write(tenant, async ({ trx }) => {
        const before = await editable(trx, origin, id, expected);
        await Announcement.query(trx).deleteById(id);
        await auditTenant(trx, origin, {
          action: 'announcement.delete',
          target: { type: 'announcement', id },
          before: shown(before),
        });
      }),
  };
}
