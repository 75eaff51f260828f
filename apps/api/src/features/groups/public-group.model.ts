import type { SchoolRole } from '@preau/contracts/vocabulary';
import { CentralModel } from '../../database/central.model.ts';

/** A group across schools. */
export class PublicGroup extends CentralModel {
  static override tableName = 'public.public_groups';
  declare id: string;
  declare name: string;
  declare description: string;
  declare open_to: SchoolRole[];
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}
