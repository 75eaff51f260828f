import { mount } from '@vue/test-utils';
import { expect, it } from 'vitest';
import QuotaBar from '../data/QuotaBar.vue';
import Monogram from './Monogram.vue';

it('shows the initials without a logo, and when the logo cannot be loaded', async () => {
  const page = mount(Monogram, { props: { name: 'Lycée Victor Hugo' } });
  expect(page.text()).toBe('LH');
  await page.setProps({ src: '/media/logo.webp' });
  expect(page.get('img').attributes()).toMatchObject({ src: '/media/logo.webp', alt: '' });
  await page.get('img').trigger('error');
  expect(page.text()).toBe('LH');
  await page.setProps({ src: '/media/logo-2.webp' });
  expect(page.get('img').attributes('src')).toBe('/media/logo-2.webp');
});

it.each([
  { used: 0, limit: 50, width: '0%' },
  { used: 21, limit: 50, width: '42%' },
  { used: 60, limit: 50, width: '100%' },
  { used: 1, limit: 0, width: '100%' },
])('a quota of $used out of $limit fills $width and reads its words out', ({ used, limit, width }) => {
  const page = mount(QuotaBar, { props: { label: 'Stockage', used, limit, valueText: '21 Go sur 50 Go' } });
  const meter = page.get('[role=meter]');
  expect(meter.attributes('aria-valuetext')).toBe('21 Go sur 50 Go');
  expect(Number(meter.attributes('aria-valuenow'))).toBeLessThanOrEqual(limit);
  expect(meter.get<HTMLElement>('div').element.style.width).toBe(width);
});
