import type { Ladder, Migration } from '@preau/tenancy';

const nameOf = (number: number): string => `20990101_${String(number).padStart(6, '0')}_chaos`;

/** Even ones look before they act, so that they are run step by step; the others are sent as one message. */
function migration(number: number): Migration {
  const table = `chaos_${number}`;
  return {
    name: nameOf(number),
    async up(trx) {
      if (number % 2 === 0) await trx.raw('SELECT ?::int', [number]);
      await trx.raw(`CREATE TABLE ${table} (id uuid PRIMARY KEY, title text NOT NULL)`);
      await trx.raw(`ALTER TABLE announcements ADD COLUMN ${table} text`);
      await trx.raw(`CREATE INDEX ${table}_index ON ${table} (title)`);
    },
    async down(trx) {
      await trx.raw(`DROP TABLE ${table}`);
      await trx.raw(`ALTER TABLE announcements DROP COLUMN ${table}`);
    },
  };
}

/** The product's ladder of schools with so many migrations more. */
export const tallLadder = (base: Ladder, more: number): Ladder => ({
  digest: `${base.digest}+${more}`,
  migrations: [...base.migrations, ...Array.from({ length: more }, (_, at) => migration(at + 1))],
});
