import type * as classes from '@preau/contracts/classes';
import type { Guardianship } from '@preau/contracts/roster-fields';
import type * as people from '@preau/contracts/roster-people';
import type * as years from '@preau/contracts/school-years';
import type * as imports from '@preau/contracts/student-imports';
import type * as contracts from '@preau/contracts/students';
import { apiAddress, call, callTagged } from '../../shared/http.ts';

export const listStudents = (query: contracts.StudentQuery) =>
  call<typeof contracts.listStudents>('GET', '/students/', { query });
/** With its entity tag, for a change that must not overwrite another. */
export const getStudent = (id: string) =>
  callTagged<typeof contracts.getStudent>('GET', '/students/:id/', { params: { id } });
export const createStudent = (body: contracts.StudentCreate) =>
  call<typeof contracts.createStudent>('POST', '/students/', { body });
export const updateStudent = (id: string, body: contracts.StudentPatch, ifMatch?: string) =>
  call<typeof contracts.updateStudent>('PATCH', '/students/:id/', {
    params: { id },
    body,
    ifMatch,
  });
export const deleteStudent = (id: string) =>
  call<typeof contracts.deleteStudent>('DELETE', '/students/:id/', { params: { id } });
export const enrolStudent = (id: string, place: string) =>
  call<typeof contracts.enrolStudent>('PUT', '/students/:id/classes/:class/', {
    params: { id, class: place },
  });
export const tieGuardian = (id: string, guardian: string, body: Guardianship) =>
  call<typeof contracts.tieGuardian>('PUT', '/students/:id/guardians/:guardian/', {
    params: { id, guardian },
    body,
  });
export const untieGuardian = (id: string, guardian: string) =>
  call<typeof contracts.untieGuardian>('DELETE', '/students/:id/guardians/:guardian/', {
    params: { id, guardian },
  });
export const getSeats = () => call<typeof contracts.getSeats>('GET', '/student-seats/');
export const exportAddress = (query: Record<string, string>): string => {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return apiAddress(`/student-export/${search ? `?${search}` : ''}`);
};

export const inviteStudent = (id: string, email: string) =>
  call<typeof contracts.inviteStudent>('POST', '/students/:id/invite/', { params: { id }, body: { email } });
export const inviteGuardian = (id: string, email: string) =>
  call<typeof people.inviteGuardian>('POST', '/guardians/:id/invite/', { params: { id }, body: { email } });
export const inviteStaff = (id: string, email: string) =>
  call<typeof people.inviteStaff>('POST', '/staff/:id/invite/', { params: { id }, body: { email } });

export const listGuardians = (query: people.GuardianQuery) =>
  call<typeof people.listGuardians>('GET', '/guardians/', { query });
export const createGuardian = (body: people.GuardianCreate) =>
  call<typeof people.createGuardian>('POST', '/guardians/', { body });
export const getGuardian = (id: string) =>
  callTagged<typeof people.getGuardian>('GET', '/guardians/:id/', { params: { id } });
export const updateGuardian = (id: string, body: people.GuardianPatch, ifMatch?: string) =>
  callTagged<typeof people.updateGuardian>('PATCH', '/guardians/:id/', { params: { id }, body, ifMatch });
export const listStaff = (query: people.StaffQuery) =>
  call<typeof people.listStaff>('GET', '/staff/', { query });
export const createStaff = (body: people.StaffCreate) =>
  call<typeof people.createStaff>('POST', '/staff/', { body });
export const updateStaff = (id: string, body: people.StaffPatch) =>
  call<typeof people.updateStaff>('PATCH', '/staff/:id/', { params: { id }, body });
export const deleteStaff = (id: string) =>
  call<typeof people.deleteStaff>('DELETE', '/staff/:id/', { params: { id } });

export const listClasses = (query: classes.ClassQuery) =>
  call<typeof classes.listClasses>('GET', '/classes/', { query });
export const createClass = (body: classes.ClassCreate) =>
  call<typeof classes.createClass>('POST', '/classes/', { body });
export const updateClass = (id: string, body: classes.ClassPatch) =>
  call<typeof classes.updateClass>('PATCH', '/classes/:id/', { params: { id }, body });
export const deleteClass = (id: string) =>
  call<typeof classes.deleteClass>('DELETE', '/classes/:id/', { params: { id } });
export const setClassTeachers = (id: string, body: classes.ClassTeachers) =>
  call<typeof classes.setClassTeachers>('PUT', '/classes/:id/teachers/', { params: { id }, body });

export const listYears = () =>
  call<typeof years.listSchoolYears>('GET', '/school-years/', { query: { page_size: 100 } });
export const createYear = (body: years.SchoolYearCreate) =>
  call<typeof years.createSchoolYear>('POST', '/school-years/', { body });
export const makeYearCurrent = (id: string) =>
  call<typeof years.makeYearCurrent>('POST', '/school-years/:id/make_current/', { params: { id } });
export const passToYear = (id: string, body: years.YearPassage) =>
  call<typeof years.passToYear>('POST', '/school-years/:id/pass/', { params: { id }, body });
export const deleteYear = (id: string) =>
  call<typeof years.deleteSchoolYear>('DELETE', '/school-years/:id/', { params: { id } });

export const checkImport = (file: File, year: string) =>
  call<typeof imports.checkStudentImport>('POST', '/student-imports/', {
    file,
    query: year ? { school_year: year } : {},
  });
export const getImport = (id: string) =>
  call<typeof imports.getStudentImport>('GET', '/student-imports/:id/', { params: { id } });
export const listImports = () =>
  call<typeof imports.listStudentImports>('GET', '/student-imports/', { query: { page_size: 10 } });
export const listImportLines = (id: string, query: imports.StudentImportLineQuery) =>
  call<typeof imports.listStudentImportLines>('GET', '/student-imports/:id/lines/', {
    params: { id },
    query,
  });
export const confirmImport = (id: string) =>
  call<typeof imports.confirmStudentImport>('POST', '/student-imports/:id/confirm/', { params: { id } });
export const reportAddress = (id: string): string => apiAddress(`/student-imports/${id}/report/`);
export const TEMPLATE_ADDRESS = apiAddress('/student-import-template/');
