export { createGroupService, type GroupService } from './group.service.ts';
export { createPublicGroupService, type PublicGroupService } from './public-group.service.ts';
export {
  activeMembers,
  GROUPS_OF_PERSON,
  groupIdsOf,
  groupIdsOfMany,
  listGroupChoices,
  namesOfGroups,
  userIdsOfGroups,
  type KnownMember,
} from './group.read-model.ts';
export { publicGroupIdsOfMany } from './public-group.read-model.ts';
export { dropKeptGroup, keepGroup, keepGroupMembers, type GroupSource } from './kept-group.ts';
