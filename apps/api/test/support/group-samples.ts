import { addMember, type School } from './builders.ts';
import { schoolAdmin, superadmin, teacher, type Client } from './clients.ts';
import type { TestApp } from './harness.ts';

interface Sample {
  client: Client;
  params?: Record<string, string>;
  body?: object;
}

let counter = 0;

/** A group of the school with a teacher in it. */
async function groupOf(t: TestApp, school: School): Promise<{ head: Client; id: string; userId: string }> {
  const head = await schoolAdmin(t, school);
  const { id } = (await head.post('/groups/', { name: `Groupe ${(counter += 1)}` })).body;
  const { id: userId } = await addMember(t, school, 'teacher');
  await head.post(`/groups/${id}/members/`, { user_ids: [userId] });
  return { head, id, userId };
}

/** A group across schools with a teacher of the school in it. */
async function publicGroup(t: TestApp, school: School) {
  const root = await superadmin(t);
  const { id } = (await root.post('/public-groups/', { name: `Réseau ${(counter += 1)}` })).body;
  const member = await teacher(t, school);
  await member.post(`/public-groups/${id}/join/`);
  return { root, id: id as string, member };
}

/** Groups, with somebody to put in or take out of them. */
export const GROUP_SAMPLES: Record<string, (t: TestApp, school: School) => Promise<Sample>> = {
  async addGroupMembers(t, school) {
    const { head, id } = await groupOf(t, school);
    return { client: head, params: { id }, body: { user_ids: [(await addMember(t, school, 'staff')).id] } };
  },
  async setGroupMembers(t, school) {
    const { head, id } = await groupOf(t, school);
    return { client: head, params: { id }, body: { user_ids: [] } };
  },
  async removeGroupMember(t, school) {
    const { head, id, userId } = await groupOf(t, school);
    return { client: head, params: { id, user: userId } };
  },
  ...Object.fromEntries(
    ['getPublicGroup', 'deletePublicGroup', 'listPublicGroupMembers'].map((name) => [
      name,
      async (t: TestApp, school: School) => {
        const { root, id } = await publicGroup(t, school);
        return { client: root, params: { id } };
      },
    ]),
  ),
  async putPublicGroup(t, school) {
    const { root, id } = await publicGroup(t, school);
    return { client: root, params: { id }, body: { name: `Renommé ${(counter += 1)}` } };
  },
  async removePublicGroupMember(t, school) {
    const { root, id, member } = await publicGroup(t, school);
    return { client: root, params: { id, user: member.userId } };
  },
  async joinPublicGroup(t, school) {
    const { id } = await publicGroup(t, school);
    return { client: await teacher(t, school), params: { id } };
  },
  async leavePublicGroup(t, school) {
    const { id, member } = await publicGroup(t, school);
    return { client: member, params: { id } };
  },
};
