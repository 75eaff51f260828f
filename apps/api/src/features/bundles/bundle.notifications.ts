import type { Services } from '../../services.ts';
import type { Origin } from '../audit/index.ts';
import { defineNotification } from '../notifications/index.ts';
import type { Bundle } from './bundle.model.ts';

/** To whoever asked for it: it can take an hour, and is kept for a few days. */
export const exportReady = defineNotification<{ id: string }>({
  kind: 'bundles.export_ready',
  name: { fr: 'Exports de l’établissement', en: 'Exports of the school' },
  mail: true,
  texts: {
    fr: () => ({ title: 'L’export de l’établissement est prêt', text: 'Vous pouvez le télécharger.' }),
    en: () => ({ title: 'The export of the school is ready', text: 'You can download it.' }),
  },
  path: () => '/exports',
});

export async function tellExportReady(
  { bundleMaker, notifications, tenancy }: Pick<Services, 'bundleMaker' | 'notifications' | 'tenancy'>,
  bundle: Bundle,
  { actor }: Origin,
): Promise<void> {
  if (bundle.kind !== 'export' || bundle.cause !== 'school' || actor.type !== 'user') return;
  const school = await bundleMaker.schoolOf(bundle);
  const { id } = bundle;
  await tenancy.write(school, (scope) =>
    notifications.notify(scope, {
      kind: exportReady,
      userIds: [actor.id],
      data: { id },
      subject: `bundle:${id}`,
    }),
  );
}
