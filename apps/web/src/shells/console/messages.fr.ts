import accessibility from '../../features/accessibility/locales/fr.json';
import audit from '../../features/audit/locales/fr.json';
import support from '../../features/support-access/locales/fr.json';
import currentTenant from '../../features/current-tenant/locales/fr.json';
import bundles from '../../features/bundles/locales/fr.json';
import domains from '../../features/domains/locales/fr.json';
import fleet from '../../features/fleet/locales/fr.json';
import identity from '../../features/identity/locales/fr.json';
import jobs from '../../features/jobs/locales/fr.json';
import members from '../../features/members/locales/fr.json';
import mails from '../../features/mails/locales/fr.json';
import keys from '../../features/api-keys/locales/fr.json';
import overview from '../../features/overview/locales/fr.json';
import secondFactor from '../../features/second-factor/locales/fr.json';
import tenantImport from '../../features/tenant-import/locales/fr.json';
import tenants from '../../features/tenants/locales/fr.json';
import shared from '../../shared/locales/fr.json';
import page from '../../shared/page/locales/fr.json';
import console from './locales/fr.json';

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
