import { createHmac, randomBytes } from 'node:crypto';
import { Transform } from 'node:stream';
import type { BundleTable } from '@preau/tenancy';
import { PERSONAL_DATA, type PersonalKind } from '../../database/personal-data.ts';
import type { School } from './bundle-format.ts';
import { copyValue, parseCopyValue } from './copy-text.ts';
import type { CarriedDraft, CarriedTheme, Member, Person } from './shared-rows.ts';

/** Replaces what tells of people by inventions: the same value by the same invention, everywhere in one archive. */
export interface Scrubber {
  /** What is somebody's name or address must not come out as an invention. */
  know(people: readonly Person[]): void;
  school(school: School): School;
  person(this: void, person: Person): Person;
  member(this: void, member: Member): Member;
  theme(this: void, theme: CarriedTheme): CarriedTheme;
  draft(this: void, draft: CarriedDraft): CarriedDraft;
  /** Passes the rows of a table through; null when there is nothing personal in it. */
  rows(table: BundleTable): Transform | null;
}

const fold = (text: string): string => text.normalize('NFKC').trim().toLowerCase();

/**
 * An inventor for one archive. Its key is random and kept nowhere: nobody can try names until one gives the invention.
 */
export async function createScrubber(key: Buffer = randomBytes(32)): Promise<Scrubber> {
  // Loaded when it is needed: every start and every command would wait for it.
  const { Faker, fr } = await import('@faker-js/faker');
  const faker = new Faker({ locale: [fr] });
  const taken = new Set<string>();
  const digest = (kind: string, value: string, turn = 0): Buffer =>
    createHmac('sha256', key)
      .update(`${kind}|${turn}|${fold(value)}`)
      .digest();

  /** Seeds the inventions by the value, and tries again while they are somebody's. */
  function invented(kind: string, value: string, make: (mark: string) => string): string {
    for (let turn = 0; ; turn += 1) {
      const bytes = digest(kind, value, turn);
      faker.seed(bytes.readUInt32BE(0));
      const text = make(bytes.subarray(4, 10).toString('hex'));
      if (!taken.has(fold(text))) return text;
    }
  }

  function personId(id: string): string {
    const hex = digest('person', id).toString('hex');
    // Version 8: of a digest.
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  const MADE: Record<PersonalKind, (value: string) => string | null> = {
    name: (value) => invented('name', value, () => `${faker.person.firstName()} ${faker.person.lastName()}`),
    email: (value) =>
      invented(
        'email',
        value,
        (mark) => `${fold(faker.person.firstName()).replace(/[^a-z]/g, '')}.${mark}@example.org`,
      ),
    phone: (value) =>
      invented('phone', value, () => `0${faker.string.numeric({ length: 9, exclude: ['0'] })}`),
    address: (value) => invented('address', value, () => faker.location.streetAddress()),
    person: personId,
    text: (value) =>
      value.trim() === ''
        ? value
        : invented('text', value, () => faker.lorem.words(Math.min(2_000, value.trim().split(/\s+/).length))),
    file_name: (value) =>
      invented(
        'file_name',
        value,
        (mark) => `document-${mark}${/\.[A-Za-z0-9]{1,8}$/.exec(value)?.[0] ?? ''}`,
      ),
    emptied: () => null,
  };
  const or = (kind: PersonalKind, value: string | null): string | null =>
    value === null ? null : MADE[kind](value);

  return {
    know(people) {
      for (const { email, full_name: name } of people) taken.add(fold(email)).add(fold(name));
    },

    school: (school) => ({
      ...school,
      email: or('email', school.email) ?? '',
      phone: or('phone', school.phone) ?? '',
      address: or('address', school.address) ?? '',
      website: null,
      uai: null,
    }),

    person: ({ id, email, full_name: name }) => ({
      id: personId(id),
      email: or('email', email) ?? '',
      full_name: or('name', name) ?? '',
    }),

    member: (member) => ({
      ...member,
      user_id: personId(member.user_id),
      title: or('text', member.title),
      phone: or('phone', member.phone),
    }),

    theme: (theme) => ({
      ...theme,
      published_by: or('person', theme.published_by),
      published_by_name: or('name', theme.published_by_name),
    }),

    draft: (draft) => ({
      ...draft,
      updated_by: or('person', draft.updated_by),
      updated_by_name: or('name', draft.updated_by_name) ?? '',
    }),

    rows({ name, columns }) {
      const kinds = PERSONAL_DATA[name] ?? {};
      const work = columns.flatMap((column, at) => {
        const kind = kinds[column];
        return kind === undefined || kind === 'no' ? [] : [{ at, kind }];
      });
      if (work.length === 0) return null;
      return lineByLine((line) => {
        const values = line.split('\t');
        for (const { at, kind } of work) {
          const value = parseCopyValue(values[at] ?? '\\N');
          values[at] = copyValue(or(kind, value));
        }
        return values.join('\t');
      });
    },
  };
}

/** Changes each line of a stream of bytes. A line is held until it is whole. */
function lineByLine(change: (line: string) => string): Transform {
  let rest: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _, done) {
      const end = chunk.lastIndexOf(10);
      if (end < 0) {
        rest.push(chunk);
        return done();
      }
      const whole = Buffer.concat([...rest, chunk.subarray(0, end)]).toString();
      rest = [chunk.subarray(end + 1)];
      try {
        done(null, Buffer.from(`${whole.split('\n').map(change).join('\n')}\n`));
      } catch (error) {
        done(error as Error);
      }
    },
    flush(done) {
      const last = Buffer.concat(rest);
      done(null, last.length > 0 ? Buffer.from(change(last.toString())) : null);
    },
  });
}
