import { Model } from 'objection';
import { TenantModel } from '../../src/database/tenant.model.ts';

/** Says of every row as whom the database took it. `mark` is what the writer meant. */
const WATERMARK = `mark uuid NOT NULL, role text NOT NULL DEFAULT current_user,
  setting text NOT NULL DEFAULT current_setting('preau.tenant_id')`;

/** Tables beside a school's own, with relations to make graphs of. */
export const TABLES = [
  `CREATE TABLE fuzz_groups (id uuid PRIMARY KEY, ${WATERMARK})`,
  `CREATE TABLE fuzz_pupils (id uuid PRIMARY KEY, group_id uuid REFERENCES fuzz_groups, ${WATERMARK})`,
  `CREATE TABLE fuzz_counter (id int PRIMARY KEY, n int NOT NULL, ${WATERMARK})`,
];

class Watermarked extends TenantModel {
  declare id: string;
  declare mark: string;
  declare role: string;
  declare setting: string;
}

export class Pupil extends Watermarked {
  static override tableName = 'fuzz_pupils';
  declare group_id: string | null;
}

export class Group extends Watermarked {
  static override tableName = 'fuzz_groups';
  static override relationMappings = {
    pupils: {
      relation: Model.HasManyRelation,
      modelClass: Pupil,
      join: { from: 'fuzz_groups.id', to: 'fuzz_pupils.group_id' },
    },
  };
  declare pupils: Pupil[];
}
