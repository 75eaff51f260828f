import { Readable } from 'node:stream';
import sharp from 'sharp';
import { SYSTEM } from '../../src/features/audit/index.ts';
import type { FormFile } from '../../src/features/define-feature.ts';
import { createSchool, type School } from './builders.ts';
import type { TestApp } from './harness.ts';

async function* logo(): AsyncGenerator<FormFile> {
  const png = await sharp({ create: { width: 64, height: 64, channels: 3, background: '#246' } })
    .png()
    .toBuffer();
  yield { name: 'logo.png', content: Readable.from([png]), fields: {}, announced: null };
}

/** In the directory. */
async function listed(t: TestApp, { id }: School): Promise<void> {
  await t.services.profiles.update(id, SYSTEM, { listed: true });
}

async function inNetwork(t: TestApp, { id }: School): Promise<object> {
  const network = await createSchool(t, { school_type: 'network' });
  await t.services.tenants.update(SYSTEM, id, { network: network.id });
  return {};
}

/** What routes of networks and of the directory need to be answered. */
export const NETWORK_SAMPLES = {
  askMembership: async (t: TestApp) => ({
    body: { subdomain: (await createSchool(t, { school_type: 'network' })).subdomain },
  }),
  getDirectoryEntry: async (t: TestApp, school: School) => {
    await listed(t, school);
    return { params: { school: school.id } };
  },
  getDirectoryPicture: async (t: TestApp, school: School) => {
    await listed(t, school);
    await t.services.schoolMarks.set(school.ref, SYSTEM, 'logo', logo());
    return { params: { school: school.id, picture: 'logo', variant: 'med' } };
  },
  listNetworkAgenda: inNetwork,
  listNetworkDirectory: inNetwork,
};
