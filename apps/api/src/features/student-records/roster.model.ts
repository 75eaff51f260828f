import type { GuardianRelation, StaffJob, StudentStatus } from '@preau/contracts/vocabulary';
import { TenantModel } from '../../database/tenant.model.ts';

/** Dates without a time are text here, as PostgreSQL writes them: a Date would move them with the time zone. */

export class SchoolYear extends TenantModel {
  static override tableName = 'school_years';
  declare id: string;
  declare name: string;
  declare starts_on: string;
  declare ends_on: string;
  declare is_current: boolean;
  declare updated_at: Date;
  declare version: number;
}

export class SchoolClass extends TenantModel {
  static override tableName = 'classes';
  declare id: string;
  declare school_year_id: string;
  declare name: string;
  declare level: string;
  declare group_id: string | null;
  declare updated_at: Date;
  declare version: number;
}

export class Student extends TenantModel {
  static override tableName = 'students';
  declare id: string;
  declare external_id: string | null;
  declare last_name: string;
  declare first_name: string;
  declare birth_date: string | null;
  declare email: string | null;
  declare phone: string | null;
  declare address: string | null;
  declare status: StudentStatus;
  declare left_on: string | null;
  declare created_at: Date;
  declare updated_at: Date;
  declare version: number;
}

export class Guardian extends TenantModel {
  static override tableName = 'guardians';
  declare id: string;
  declare last_name: string;
  declare first_name: string;
  declare email: string | null;
  declare phone: string | null;
  declare address: string | null;
  declare updated_at: Date;
  declare version: number;
}

export class GuardianshipRow extends TenantModel {
  static override tableName = 'guardianships';
  static override idColumn = ['student_id', 'guardian_id'];
  declare student_id: string;
  declare guardian_id: string;
  declare relation: GuardianRelation;
  declare may_be_written_to: boolean;
  declare may_collect: boolean;
}

export class StaffRecord extends TenantModel {
  static override tableName = 'staff_records';
  declare id: string;
  declare last_name: string;
  declare first_name: string;
  declare email: string | null;
  declare phone: string | null;
  declare job: StaffJob;
  declare subject: string;
  declare updated_at: Date;
  declare version: number;
}

export class ClassTeacher extends TenantModel {
  static override tableName = 'class_teachers';
  static override idColumn = ['class_id', 'staff_id'];
  declare class_id: string;
  declare staff_id: string;
  declare is_main: boolean;
}

export class Enrolment extends TenantModel {
  static override tableName = 'enrolments';
  static override idColumn = ['student_id', 'school_year_id'];
  declare student_id: string;
  declare school_year_id: string;
  declare class_id: string;
  declare since: string;
}
