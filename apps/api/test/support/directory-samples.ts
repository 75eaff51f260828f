import { createSchool, type School } from './builders.ts';
import { schoolAdmin, visitor } from './clients.ts';
import type { TestApp } from './harness.ts';
import { SCHOOL_MARK_SAMPLES } from './school-mark-samples.ts';

const network = (t: TestApp) => createSchool(t, { school_type: 'network' });

/** A school that shows itself in the directory. */
const listed = async (t: TestApp, school: School) => {
  await (await schoolAdmin(t, school)).patch('/network/profile/', { listed: true });
  return { client: visitor(t, t.base), params: { school: school.id } };
};
const ofNetwork = async (t: TestApp) => ({ client: await schoolAdmin(t, await network(t)) });

/** Schools that show themselves, and networks that they are in or ask. */
export const DIRECTORY_SAMPLES = {
  getDirectoryEntry: listed,
  getPlace: listed,
  async getDirectoryPicture(t: TestApp, school: School) {
    await SCHOOL_MARK_SAMPLES.getLogo(t, school);
    const { client, params } = await listed(t, school);
    return { client, params: { ...params, picture: 'logo', variant: 'med' } };
  },
  async askMembership(t: TestApp, school: School) {
    const { subdomain } = await network(t);
    return { client: await schoolAdmin(t, school), body: { subdomain } };
  },
  listNetworkAgenda: ofNetwork,
  listNetworkDirectory: ofNetwork,
  // Chosen by name: all of them would be those of other tests too.
  changeTenants: async (_: TestApp, { id }: School) => ({ body: { action: 'deactivate', tenants: [id] } }),
  exportTenants: async (_: TestApp, { id }: School) => ({ body: { tenants: [id] } }),
};
