import { EventCreate } from '@preau/contracts/events';
import { Type } from 'typebox';
import { defineFixtures, type FixtureCount } from '../fixtures/index.ts';
import { toColumns } from './event-input.ts';
import { SchoolEvent } from './event.model.ts';

// Groups are known by ids, which a file of data does not have.
const { audience: _audience, ...fields } = EventCreate.properties;
const nameOf = (title: string, start: string): string => `${start.slice(0, 16)} ${title}`;

/** The agenda, each event known by its title and when it begins. */
export const eventFixtures = defineFixtures({
  key: 'events',
  schema: Type.Array(
    Type.Object(
      { ...fields, roles: Type.Optional(Type.Index(EventCreate.properties.audience, ['roles'])) },
      { additionalProperties: false },
    ),
  ),
  async load(scope, data): Promise<FixtureCount> {
    const { trx, origin, services, timeZone } = scope;
    const there = await SchoolEvent.query(trx).select('title', 'local_start');
    const names = new Set(there.map(({ title, local_start: start }) => nameOf(title, start)));
    const count = { created: 0, unchanged: 0 };
    for (const { roles, ...fieldsOfOne } of data) {
      const event = { ...fieldsOfOne, ...(roles ? { audience: { roles } } : {}) };
      const { title, local_start: start } = toColumns(event, null, timeZone);
      const name = nameOf(title, start);
      const isKnown = names.has(name);
      count[isKnown ? 'unchanged' : 'created'] += 1;
      if (isKnown) continue;
      names.add(name);
      await services.events.enter(scope, origin, event, timeZone);
    }
    return count;
  },
});
