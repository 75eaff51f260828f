export { createStudentService, type StudentService } from './student.service.ts';
export {
  createGuardianService,
  createStaffService,
  type GuardianService,
  type StaffService,
} from './person.service.ts';
export { createClassService, type ClassService } from './class.service.ts';
export { createYearService, type YearService } from './year.service.ts';
export { createStudentImportService, type StudentImportService } from './import.service.ts';
export { createRecordAccountService, type RecordAccountService } from './record-account.service.ts';
export { KEEP_GROUPS } from './import.job.ts';
