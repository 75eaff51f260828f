import { flushPromises, mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import ErrorSummary from './ErrorSummary.vue';

beforeEach(() => {
  // jsdom lays nothing out and so has no such method.
  Element.prototype.scrollIntoView = vi.fn();
});
afterEach(() => document.body.replaceChildren());

function summary() {
  document.body.innerHTML = '<input id="subdomain"><div id="root"></div>';
  const errors = [{ field: 'subdomain', message: 'Ce sous-domaine est déjà pris' }];
  return mount(ErrorSummary, {
    props: { title: 'Deux champs sont à corriger', errors },
    attachTo: '#root',
  });
}

it('takes the focus when errors come, and again after each new submit', async () => {
  const page = summary();
  await flushPromises();
  expect(document.activeElement).toBe(page.element);
  document.getElementById('subdomain')!.focus();
  await page.setProps({ errors: [{ field: 'subdomain', message: 'Ce sous-domaine est déjà pris' }] });
  await flushPromises();
  expect(document.activeElement).toBe(page.element);
});

it('is not there, and takes no focus, without errors', async () => {
  const page = summary();
  await page.setProps({ errors: [] });
  expect(page.find('[role=alert]').exists()).toBe(false);
});

it('leads to the field without touching the address', async () => {
  const page = summary();
  await flushPromises();
  const before = location.href;
  await page.get('a').trigger('click');
  expect(document.activeElement?.id).toBe('subdomain');
  expect(location.href).toBe(before);
});
