import { features } from '../../apps/api/src/features/index.ts';
import type { Services } from '../../apps/api/src/services.ts';
import { EVENTS, type EventContract } from '../../packages/contracts/src/realtime.ts';
import { CLOSE_CODES } from '../../packages/contracts/src/realtime-vocabulary.ts';
import { code, page, plain, table } from './markdown.ts';

const fieldsOf = (schema: object): string =>
  Object.keys((schema as { properties?: object }).properties ?? {})
    .map(code)
    .join(' ');

/** What goes over sockets: operations that features receive, and what the server says. */
export function realtimePage(): string {
  // Nothing is called: the handlers may close over services that are not there.
  const operations = features
    .flatMap((feature) => feature.realtime?.({} as Services).operations ?? [])
    .map(({ contract }) => contract);
  const said = Object.entries<EventContract>(EVENTS);
  return page(
    'Sockets',
    '`packages/contracts/src/realtime.ts` and the features’ descriptors',
    'What a client may ask for on a socket, what the server says on it, and the codes it closes one with. [How to use them](../../how-to/realtime.md).',
    [
      '## Operations',
      table(
        ['operation', 'what it does', 'permission', 'module', 'data'],
        operations.map(({ op, summary, permission, module, data }) => [
          code(op),
          plain(summary),
          code(permission),
          module ? code(module) : '',
          fieldsOf(data),
        ]),
      ),
      '## Messages of the server',
      table(
        ['message', 'what it says', 'module', 'data'],
        said.map(([op, { summary, module, data }]) => [
          code(op),
          plain(summary),
          module ? code(module) : '',
          fieldsOf(data),
        ]),
      ),
      '## Codes of closing',
      CLOSE_CODES.map(code).join(', '),
    ].join('\n\n'),
  );
}
