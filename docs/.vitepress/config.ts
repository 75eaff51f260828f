import { defineConfig } from 'vitepress';

export default defineConfig({
  title: 'Préau',
  description: 'Control plane of a school platform',
  lang: 'en',
  cleanUrls: true,
  lastUpdated: false,
  // Addresses of a running installation are for the reader's machine, not for the checker.
  ignoreDeadLinks: 'localhostLinks',
  cacheDir: '../.cache/vitepress',
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Tutorial', link: '/tutorial/first-school' },
      { text: 'How-to', link: '/how-to/create-schools' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Explanation', link: '/explanation/architecture' },
      { text: 'Decisions', link: '/adr/' },
    ],
    sidebar: [
      { text: 'Tutorial', items: [{ text: 'The first school', link: '/tutorial/first-school' }] },
      {
        text: 'How-to',
        items: [
          { text: 'Create schools', link: '/how-to/create-schools' },
          { text: 'Migrate the fleet', link: '/how-to/migrate-the-fleet' },
          { text: 'Add a school’s domain', link: '/how-to/add-a-domain' },
          { text: 'Add a module', link: '/how-to/add-a-module' },
          { text: 'Use your own PostgreSQL', link: '/how-to/own-postgresql' },
          { text: 'Deploy on one server', link: '/how-to/deploy' },
          { text: 'Upgrade', link: '/how-to/upgrade' },
          { text: 'Run the tests', link: '/how-to/run-the-tests' },
          { text: 'Troubleshooting', link: '/how-to/troubleshooting' },
        ],
      },
      {
        text: 'Reference',
        items: [
          { text: 'Overview', link: '/reference/' },
          { text: 'HTTP API', link: '/reference/http-api' },
          { text: 'Routes', link: '/reference/generated/routes' },
          { text: 'Error codes', link: '/reference/generated/errors' },
          { text: 'Permissions', link: '/reference/generated/permissions' },
          { text: 'Modules', link: '/reference/generated/modules' },
          { text: 'Configuration', link: '/reference/generated/configuration' },
          { text: 'Command line', link: '/reference/generated/command-line' },
          { text: 'Glossary', link: '/glossary' },
        ],
      },
      {
        text: 'Explanation',
        items: [
          { text: 'Architecture', link: '/explanation/architecture' },
          { text: 'Tenancy and isolation', link: '/explanation/tenancy' },
          { text: 'Themes', link: '/explanation/themes' },
          { text: 'Jobs', link: '/explanation/jobs' },
          { text: 'Benchmarks', link: '/explanation/benchmarks' },
        ],
      },
      {
        text: 'Decisions',
        collapsed: true,
        items: [
          { text: 'All decisions', link: '/adr/' },
          { text: '0001 Modular monolith', link: '/adr/0001-modular-monolith-and-zones' },
          { text: '0002 A schema and a role', link: '/adr/0002-schema-and-role-per-tenant' },
          { text: '0003 Own migrator', link: '/adr/0003-own-migrator' },
          { text: '0004 TypeBox contracts', link: '/adr/0004-typebox-contracts' },
          { text: '0005 Embedded PostgreSQL', link: '/adr/0005-embedded-postgresql' },
          { text: '0006 Own sessions', link: '/adr/0006-own-sessions' },
          { text: '0007 Derived palettes', link: '/adr/0007-derived-palettes' },
          { text: '0008 One transaction to provision', link: '/adr/0008-provisioning-in-one-transaction' },
          { text: '0009 Change feed by NOTIFY', link: '/adr/0009-change-feed-by-notify' },
          { text: '0010 Fonts and UI kit', link: '/adr/0010-system-fonts-and-ui-kit' },
          { text: '0012 Provisioning as steps', link: '/adr/0012-provisioning-as-steps-and-a-job' },
          { text: '0013 Fleet runs', link: '/adr/0013-fleet-runs' },
          { text: '0014 Connection care', link: '/adr/0014-connection-care' },
          { text: '0020 Roles made ahead', link: '/adr/0020-roles-made-ahead' },
        ],
      },
    ],
  },
});
