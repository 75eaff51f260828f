import { Type } from 'typebox';
import { defineFeature } from '../define-feature.ts';
import { defineJob } from '../jobs/index.ts';
import { mailCommands } from './mail.commands.ts';
import { mailRoutes } from './mail.routes.ts';
import { SEND_MAIL } from './mail.service.ts';

/** Mail that the other features write, and the console's view of it. */
export const mailFeature = defineFeature({
  name: 'mail',
  routes: mailRoutes,
  commands: mailCommands,
  jobs: [
    defineJob({
      kind: SEND_MAIL,
      payload: Type.Object({ mail_id: Type.String({ format: 'uuid' }) }, { additionalProperties: false }),
      // Half a minute, a minute, two… an hour: a server that is down for an afternoon.
      maxAttempts: 10,
      retryAfter: (attempts) => Math.min(3_600, 15 * 2 ** attempts),
      handler: async ({ payload }, { mails }) => {
        await mails.deliver(payload.mail_id);
      },
      onFailure: ({ payload }, { mails }) => mails.giveUp(payload.mail_id),
    }),
  ],
});
