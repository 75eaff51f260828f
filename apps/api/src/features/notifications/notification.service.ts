import type { NotificationPreferencePatch } from '@preau/contracts/notifications';
import type { Tenancy, TenantScope } from '@preau/tenancy';
import { v7 as uuidv7 } from 'uuid';
import { AppError } from '../../platform/app-error.ts';
import { auditTenant, type Origin } from '../audit/index.ts';
import type { TenantSnapshot } from '../current-tenant/index.ts';
import type { NotificationDefinition } from './define-notification.ts';
import {
  choicesOf,
  countUnread,
  listNotifications,
  type NotificationPage,
} from './notification.read-model.ts';
import {
  insertNotifications,
  markAllRead,
  markRead,
  noteMailDue,
  saveChoice,
} from './notification.repository.ts';

export type NotificationService = ReturnType<typeof createNotificationService>;

export interface NotificationServiceOptions {
  tenancy: Tenancy;
  kinds: ReadonlyMap<string, NotificationDefinition>;
  /** Told after the commit who has something new, or has read something, so that open pages hear of it. */
  onChange?: (tenantId: string, userIds: readonly string[]) => void;
}

export interface Choice {
  kind: NotificationDefinition;
  in_app: boolean;
  mail: boolean;
}

/** What people of a school are told of. */
export function createNotificationService({ tenancy, kinds, onChange }: NotificationServiceOptions) {
  /** Kinds of modules that are on: of the others nothing is shown, or counted. */
  const kindsOf = ({ modulesEnabled }: Pick<TenantSnapshot, 'modulesEnabled'>): NotificationDefinition[] =>
    [...kinds.values()].filter(({ module }) => module === undefined || modulesEnabled[module] === true);
  const namesOf = (tenant: TenantSnapshot): string[] => kindsOf(tenant).map(({ kind }) => kind);

  const choiceOf = (
    kind: NotificationDefinition,
    chosen: readonly { kind: string; in_app: boolean; mail: boolean }[],
  ): Choice => {
    const own = chosen.find((choice) => choice.kind === kind.kind);
    return { kind, in_app: own?.in_app ?? true, mail: own?.mail ?? kind.mail === true };
  };

  return {
    kindsOf,

    /**
     * Tells people of what happens in this transaction, each as they chose; rolled back, nobody was told. Twice the same
     * person is told once. With a `subject`, the newer takes the place of one about it that is not read yet.
     */
    async notify<D extends object>(
      { trx, tenant, afterCommit }: TenantScope,
      {
        kind,
        userIds,
        data,
        subject = null,
      }: {
        kind: NotificationDefinition<D>;
        userIds: Iterable<string>;
        data: D;
        subject?: string | null;
      },
    ): Promise<void> {
      if (!kinds.has(kind.kind)) throw new Error(`No feature declares notifications of kind ${kind.kind}`);
      const unique = [...new Set(userIds)];
      if (unique.length === 0) return;
      const told = await insertNotifications(trx, {
        ids: unique.map(() => uuidv7()),
        userIds: unique,
        kind: kind.kind,
        subject,
        data,
        mail: kind.mail === true,
      });
      if (told.some(({ mail_due }) => mail_due)) await noteMailDue(trx);
      const seers = told.filter(({ shown }) => shown).map(({ user_id }) => user_id);
      if (seers.length > 0) afterCommit(() => onChange?.(tenant.id, seers));
    },

    list: (
      tenant: TenantSnapshot,
      userId: string,
      { unread, ...page }: { page?: number; page_size?: number; unread?: boolean },
    ): Promise<NotificationPage> =>
      tenancy.read(tenant, ({ trx }) =>
        listNotifications(
          trx,
          { userId, kinds: namesOf(tenant), ...(unread === undefined ? {} : { unread }) },
          page,
        ),
      ),

    countUnread: (tenant: TenantSnapshot, userId: string): Promise<number> =>
      tenancy.read(tenant, ({ trx }) => countUnread(trx, userId, namesOf(tenant))),

    /** Reading is nobody's business but the reader's: no audit row says who read what, and when. */
    read: (tenant: TenantSnapshot, userId: string, id: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx, afterCommit }) => {
        if (!(await markRead(trx, { userId, kinds: namesOf(tenant) }, id))) throw new AppError('not_found');
        afterCommit(() => onChange?.(tenant.id, [userId]));
      }),

    readAll: (tenant: TenantSnapshot, userId: string): Promise<void> =>
      tenancy.write(tenant, async ({ trx, afterCommit }) => {
        if ((await markAllRead(trx, { userId, kinds: namesOf(tenant) })) > 0)
          afterCommit(() => onChange?.(tenant.id, [userId]));
      }),

    choices: (tenant: TenantSnapshot, userId: string): Promise<Choice[]> =>
      tenancy.read(tenant, async ({ trx }) => {
        const chosen = await choicesOf(trx, userId);
        return kindsOf(tenant).map((kind) => choiceOf(kind, chosen));
      }),

    choose: (
      tenant: TenantSnapshot,
      origin: Origin,
      userId: string,
      { kind: name, ...patch }: NotificationPreferencePatch,
    ): Promise<Choice> =>
      tenancy.write(tenant, async ({ trx }) => {
        const kind = kindsOf(tenant).find((known) => known.kind === name);
        if (!kind) throw new AppError('not_found');
        const { in_app: inApp, mail } = choiceOf(kind, await choicesOf(trx, userId));
        const after = { in_app: patch.in_app ?? inApp, mail: patch.mail ?? mail };
        await saveChoice(trx, { userId, kind: name, ...after });
        await auditTenant(trx, origin, {
          action: 'notification_preference.update',
          target: { type: 'user', id: userId },
          before: { kind: name, in_app: inApp, mail },
          after: { kind: name, ...after },
        });
        return { kind, ...after };
      }),
  };
}
