import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApp, nextTick, type App } from 'vue';
import Toaster from './Toaster.vue';
import { createToasts, provideToasts, useToasts } from './toasts.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function toaster() {
  const toasts = createToasts();
  const page = mount(Toaster, {
    props: { label: 'Notifications', dismissLabel: 'Fermer' },
    global: { plugins: [(app: App) => void provideToasts(app, toasts)] },
  });
  return { toasts, page };
}

describe('Toaster', () => {
  it('has both live regions before anything is said', () => {
    const { page } = toaster();
    expect(page.findAll('[role=status], [role=alert]')).toHaveLength(2);
  });

  it('says success quietly and danger at once', async () => {
    const { toasts, page } = toaster();
    toasts.show({ title: 'École créée', tone: 'success' });
    toasts.show({ title: 'Réseau coupé', tone: 'danger' });
    await nextTick();
    expect(page.get('[role=status]').text()).toContain('École créée');
    expect(page.get('[role=alert]').text()).toContain('Réseau coupé');
  });

  it('stays six seconds even when asked for less, and danger until dismissed', async () => {
    const { toasts, page } = toaster();
    toasts.show({ title: 'École créée', duration: 100 });
    toasts.show({ title: 'Réseau coupé', tone: 'danger' });
    await vi.advanceTimersByTimeAsync(5999);
    expect(page.text()).toContain('École créée');
    await vi.advanceTimersByTimeAsync(1);
    expect(page.text()).not.toContain('École créée');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(page.text()).toContain('Réseau coupé');
    await page.get('[aria-label=Fermer]').trigger('click');
    expect(page.text()).not.toContain('Réseau coupé');
  });

  it.each([
    ['mouseenter', 'mouseleave'],
    ['focusin', 'focusout'],
  ])('waits from %s to %s, then goes on with the time left', async (enter, leave) => {
    const { toasts, page } = toaster();
    toasts.show({ title: 'École créée' });
    await vi.advanceTimersByTimeAsync(4000);
    await page.get('section > div').trigger(enter);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(page.text()).toContain('École créée');
    await page.get('section > div').trigger(leave);
    await vi.advanceTimersByTimeAsync(1999);
    expect(page.text()).toContain('École créée');
    await vi.advanceTimersByTimeAsync(1);
    expect(page.text()).not.toContain('École créée');
  });

  it('runs the action and goes', async () => {
    const { toasts, page } = toaster();
    const run = vi.fn();
    toasts.show({ title: 'École archivée', action: { label: 'Annuler', run } });
    await nextTick();
    await page
      .findAll('button')
      .find((button) => button.text() === 'Annuler')!
      .trigger('click');
    expect(run).toHaveBeenCalledOnce();
    expect(toasts.list.value).toEqual([]);
  });

  it('keeps the four latest', () => {
    const { toasts } = toaster();
    for (const title of ['1', '2', '3', '4', '5', '6']) toasts.show({ title });
    expect(toasts.list.value.map((toast) => toast.title)).toEqual(['3', '4', '5', '6']);
  });

  it('lets the last one be dismissed under the pointer without holding the next for ever', async () => {
    const { toasts, page } = toaster();
    const id = toasts.show({ title: 'Un' });
    await page.get('section > div').trigger('mouseenter');
    toasts.dismiss(id);
    toasts.show({ title: 'Deux' });
    await vi.advanceTimersByTimeAsync(6000);
    expect(toasts.list.value).toEqual([]);
  });
});

it('useToasts says what is missing', () => {
  expect(() => createApp({}).runWithContext(() => useToasts())).toThrow('provideToasts');
});
