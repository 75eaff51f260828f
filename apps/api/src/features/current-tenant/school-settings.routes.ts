import * as contracts from '@preau/contracts/school-settings';
import { expectedVersion, showVersion, withVersion } from '../../platform/versions.ts';
import type { Services } from '../../services.ts';
import { bind, schoolOf, type BoundRoute } from '../define-feature.ts';
import type { TenantDetail } from '../tenants/index.ts';

function presentSettings({ tenant: { settings } }: TenantDetail): contracts.SchoolSettings {
  return {
    enable_email_notifications: settings.enable_email_notifications,
    enable_sms_notifications: settings.enable_sms_notifications,
    password_min_length: settings.password_min_length,
    session_timeout_minutes: settings.session_timeout_minutes,
    timezone: settings.timezone,
    language: settings.language,
    date_format: settings.date_format,
    time_format: settings.time_format,
  };
}

function presentContact({ tenant }: TenantDetail): contracts.SchoolContact {
  const { email, phone, address, postal_code, city, website } = tenant;
  return { email, phone, address, postal_code, city, website };
}

/** What a school says of itself. Both parts have one validator: that of the school's row. */
export const schoolSettingsRoutes = ({ tenants }: Services): BoundRoute[] => [
  bind(contracts.getSchoolSettings, async (call) => {
    const detail = await tenants.get(schoolOf(call).id);
    return withVersion(call, detail.tenant.version, presentSettings(detail));
  }),
  bind(contracts.updateSchoolSettings, async (call) => {
    const { id } = schoolOf(call);
    const detail = await tenants.updateSettings(call.origin, id, call.body, expectedVersion(call.headers));
    return showVersion(call.reply, detail.tenant.version, presentSettings(detail));
  }),
  bind(contracts.getSchoolContact, async (call) => {
    const detail = await tenants.get(schoolOf(call).id);
    return withVersion(call, detail.tenant.version, presentContact(detail));
  }),
  bind(contracts.updateSchoolContact, async (call) => {
    const { id } = schoolOf(call);
    const detail = await tenants.updateContact(call.origin, id, call.body, expectedVersion(call.headers));
    return showVersion(call.reply, detail.tenant.version, presentContact(detail));
  }),
];
