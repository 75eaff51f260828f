import accessibility from '../../features/accessibility/locales/en.json';
import audit from '../../features/audit/locales/en.json';
import support from '../../features/support-access/locales/en.json';
import currentTenant from '../../features/current-tenant/locales/en.json';
import bundles from '../../features/bundles/locales/en.json';
import domains from '../../features/domains/locales/en.json';
import fleet from '../../features/fleet/locales/en.json';
import identity from '../../features/identity/locales/en.json';
import jobs from '../../features/jobs/locales/en.json';
import members from '../../features/members/locales/en.json';
import mails from '../../features/mails/locales/en.json';
import keys from '../../features/api-keys/locales/en.json';
import overview from '../../features/overview/locales/en.json';
import secondFactor from '../../features/second-factor/locales/en.json';
import tenantImport from '../../features/tenant-import/locales/en.json';
import tenants from '../../features/tenants/locales/en.json';
import shared from '../../shared/locales/en.json';
import page from '../../shared/page/locales/en.json';
import console from './locales/en.json';

export const messages = {
  ...page,
  ...overview,
  ...shared,
  ...identity,
  ...currentTenant,
  ...accessibility,
  ...secondFactor,
  ...audit,
  ...support,
  ...tenants,
  ...tenantImport,
  ...bundles,
  ...domains,
  ...fleet,
  ...jobs,
  ...members,
  ...mails,
  ...keys,
  ...console,
};
