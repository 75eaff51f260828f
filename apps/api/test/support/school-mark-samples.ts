import sharp from 'sharp';
import type { School } from './builders.ts';
import { schoolAdmin, visitor } from './clients.ts';
import type { TestApp } from './harness.ts';
import { formOf, uploadFile } from './upload.ts';

const drawing = () =>
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#2e7d32' } })
    .png()
    .toBuffer();

const withMark = (mark: string) => async (t: TestApp, school: School) => {
  const { payload, headers } = formOf([{ name: 'file', filename: 'a.png', content: await drawing() }]);
  const admin = await schoolAdmin(t, school);
  await admin.send({ method: 'PUT', url: `/api/v1/current-tenant/${mark}/`, payload, headers });
  return { client: visitor(t, school.host) };
};
const picture = async () => ({ upload: await drawing() });

const withDraft = async (t: TestApp, school: School) => {
  const client = await schoolAdmin(t, school);
  await client.put('/current-tenant/theme/draft/', { primary_color: '#2E7D32', secondary_color: '#123456' });
  return { client };
};

const withPicture = async (t: TestApp, school: School) => {
  const client = await schoolAdmin(t, school);
  const { body } = await uploadFile(
    client,
    'a.png',
    await drawing(),
    {},
    {},
    '/current-tenant/theme/pictures/',
  );
  return { client, params: { name: body.id } };
};

/** What the routes of logo and favicon need: a picture, or to have been given one. */
export const SCHOOL_MARK_SAMPLES = {
  setLogo: picture,
  setFavicon: picture,
  uploadThemePicture: picture,
  getThemePicture: withPicture,
  publishTheme: withDraft,
  getLogo: withMark('logo'),
  getFavicon: withMark('favicon'),
};
