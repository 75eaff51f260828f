import { defineOperation } from '@preau/contracts/realtime';
import { Uuid } from '@preau/contracts/fields';
import { Type } from 'typebox';

/** What a member of a school asks for: that everybody in it be told. Its acknowledgement says that they will be. */
export const say = defineOperation({
  op: 'chaos.say',
  summary: 'Tells everybody in the school',
  permission: 'realtime:connect',
  data: Type.Object({ id: Uuid }, { additionalProperties: false }),
});
