import type { ImportAction, StudentImportStatus } from '@preau/contracts/vocabulary';
import { TenantModel } from '../../database/tenant.model.ts';
import type { FieldProblem } from '../../platform/app-error.ts';
import type { Cells } from './import-line.ts';

/** A file of students: checked, and then done. */
export class StudentImport extends TenantModel {
  static override tableName = 'student_imports';
  declare id: string;
  declare file_name: string;
  declare school_year_id: string;
  declare status: StudentImportStatus;
  declare encoding: string;
  declare delimiter: string;
  declare ignored_columns: string[];
  declare new_classes: string[];
  declare author_id: string | null;
  declare author_name: string;
  declare created_at: Date;
  declare finished_at: Date | null;
}

export class StudentImportLine extends TenantModel {
  static override tableName = 'student_import_lines';
  static override idColumn = ['import_id', 'line'];
  static override jsonAttributes = ['cells', 'problems'];
  declare import_id: string;
  declare line: number;
  declare name: string;
  declare cells: Cells | null;
  declare planned: ImportAction;
  declare changes: string[];
  declare outcome: ImportAction | null;
  declare student_id: string | null;
  declare problems: FieldProblem[] | null;
}
