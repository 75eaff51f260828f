import { homeCard, type ModuleDescriptor } from '../define-module.ts';
import { withWords } from '../../shared/i18n.ts';
import { studentRecordsWords } from './words.ts';

const page = withWords(studentRecordsWords);

export const studentRecordsModule: ModuleDescriptor = {
  key: 'student_records',
  nav: [
    {
      to: '/students',
      label: 'students.nav',
      labelOf: { parent: 'children.nav', student: 'own_record.nav' },
      permission: 'records:read',
    },
    { to: '/classes', label: 'classes.nav', permission: 'records:read' },
    {
      to: '/staff',
      label: 'staff.nav',
      permission: 'records:write',
      isAdministration: true,
    },
  ],
  routes: [
    {
      path: '/students',
      name: 'students',
      meta: { permission: 'records:read' },
      component: page(() => import('./pages/StudentsPage.vue')),
    },
    {
      path: '/students/new',
      name: 'student-new',
      meta: { permission: 'records:write' },
      component: page(() => import('./pages/EditStudentPage.vue')),
    },
    {
      path: '/students/import',
      name: 'student-import',
      meta: { permission: 'records:write' },
      component: page(() => import('./pages/ImportPage.vue')),
    },
    {
      path: '/students/import/:id',
      name: 'student-import-one',
      meta: { permission: 'records:write' },
      component: page(() => import('./pages/ImportPage.vue')),
      props: true,
    },
    {
      path: '/students/:id',
      name: 'student',
      meta: { permission: 'records:read' },
      component: page(() => import('./pages/StudentPage.vue')),
      props: true,
    },
    {
      path: '/students/:id/edit',
      name: 'student-edit',
      meta: { permission: 'records:write' },
      component: page(() => import('./pages/EditStudentPage.vue')),
      props: true,
    },
    {
      path: '/classes',
      name: 'classes',
      meta: { permission: 'records:read' },
      component: page(() => import('./pages/ClassesPage.vue')),
    },
    {
      path: '/classes/years',
      name: 'school-years',
      meta: { permission: 'records:read' },
      component: page(() => import('./pages/YearsPage.vue')),
    },
    {
      path: '/staff',
      name: 'staff',
      meta: { permission: 'records:write' },
      component: page(() => import('./pages/StaffPage.vue')),
    },
  ],
  home: [
    {
      key: 'children',
      title: 'children.nav',
      to: '/students',
      rows: 2,
      wide: true,
      rank: 1,
      sees: ({ role }) => role === 'parent',
      load: homeCard('HomeChildren'),
    },
    {
      key: 'classes',
      title: 'own_classes.nav',
      to: '/classes',
      rows: 3,
      sees: ({ role }) => role === 'teacher',
      load: homeCard('HomeClasses'),
    },
  ],
};
