import { ERRORS, FIELD_ERRORS, fillSentence } from '@preau/contracts/error-codes';
import * as contracts from '@preau/contracts/signups';
import { pageLinks } from '../../platform/pagination.ts';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, type BoundRoute } from '../define-feature.ts';
import { presentRequest, presentSignup } from './signup.presenter.ts';

const keyOf = (headers: Readonly<Record<string, string | string[] | undefined>>): string =>
  String(headers['signup-key']);

export const signupRoutes = ({ signupRequests, signupDecisions, accounts }: Services): BoundRoute[] => {
  const present = (shown: Parameters<typeof presentSignup>[0]) => presentSignup(shown, accounts.urlOf);
  return [
    bind(contracts.signupOptions, async () => ({ policy: await signupRequests.policy() })),
    bind(contracts.askSignup, async ({ body, origin, language }) => {
      const { id, expiresAt } = await signupRequests.ask(body, origin, language);
      return { signup_id: id, expires_at: expiresAt.toISOString() };
    }),
    bind(contracts.verifySignup, async ({ body, origin }) => {
      const { key, ...shown } = await signupRequests.verify(body.signup_id, body.code, origin);
      return { key, signup: present(shown) };
    }),
    bind(contracts.getSignup, async ({ params, headers }) =>
      present(await signupRequests.get(params.id, keyOf(headers))),
    ),
    bind(contracts.checkSignupSubdomain, async ({ params, headers, body, language }) => {
      const { subdomain, problem, taken, suggestion } = await signupRequests.check(
        params.id,
        keyOf(headers),
        body.subdomain,
      );
      const sentence = problem
        ? fillSentence(FIELD_ERRORS[problem.code][language], problem.values)
        : fillSentence(ERRORS.subdomain_taken.detail[language], { subdomain });
      return {
        subdomain,
        available: !problem && !taken,
        problem: problem || taken ? sentence : null,
        suggestion,
      };
    }),
    bind(contracts.submitSignup, async ({ params, headers, body, origin }) =>
      present(await signupRequests.submit(params.id, keyOf(headers), body, origin)),
    ),
    bind(contracts.withdrawSignup, async ({ params, headers, origin }) =>
      present(await signupRequests.withdraw(params.id, keyOf(headers), origin)),
    ),
    bind(contracts.enterSignup, async ({ params, headers, origin }) => ({
      url: await signupRequests.enter(params.id, keyOf(headers), origin),
    })),

    bind(contracts.listSignups, async (call) => {
      const { count, rows } = await signupDecisions.list(call.query);
      return { count, ...pageLinks(call.reply, call.query, count), results: rows.map(presentRequest) };
    }),
    bind(contracts.getSignupSettings, () => signupDecisions.settings()),
    bind(contracts.updateSignupSettings, ({ origin, body }) => signupDecisions.updateSettings(origin, body)),
    bind(contracts.getSignupRequest, async (call) => {
      const row = await signupDecisions.get(call.params.id);
      return withVersion(call, row.version, presentRequest(row));
    }),
    bind(contracts.approveSignup, async ({ params, body, origin, headers, reply }) => {
      const { row } = await signupDecisions.approve(origin, params.id, body, expectedVersion(headers));
      return showVersion(reply, row.version, presentRequest(row));
    }),
    bind(contracts.refuseSignup, async ({ params, body, origin, headers, reply }) => {
      const row = await signupDecisions.refuse(origin, params.id, body.reason, expectedVersion(headers));
      return showVersion(reply, row.version, presentRequest(row));
    }),
  ];
};
