import { mount } from '@vue/test-utils';
import { describe, expect, it, vi } from 'vitest';
import { defineComponent, h, type App } from 'vue';
import { provideLinkComponent } from '../navigation/link-component.ts';
import Button from './Button.vue';

describe('Button', () => {
  it('does not submit a form unless told to', () => {
    expect(mount(Button).attributes('type')).toBe('button');
    expect(mount(Button, { props: { type: 'submit' } }).attributes('type')).toBe('submit');
  });

  it('swallows clicks while loading, says so, and can still hold the focus', async () => {
    const onClick = vi.fn();
    const submitted = vi.fn((event: Event) => event.preventDefault());
    const page = mount(
      defineComponent(
        (props: { loading: boolean }) => () =>
          h('form', { onSubmit: submitted }, [
            h(
              Button,
              { loading: props.loading, type: 'submit', loadingLabel: 'En cours', onClick },
              () => 'Créer',
            ),
          ]),
        { props: ['loading'] },
      ),
      { props: { loading: true }, attachTo: document.body },
    );
    const button = page.get('button');
    await button.trigger('click');
    expect(onClick).not.toHaveBeenCalled();
    expect(submitted).not.toHaveBeenCalled();
    expect(button.attributes()).toMatchObject({ 'aria-busy': 'true', 'aria-disabled': 'true' });
    expect(button.attributes('disabled')).toBeUndefined();
    expect(page.get('[role=status]').text()).toBe('En cours');
    await page.setProps({ loading: false });
    await button.trigger('click');
    expect(onClick).toHaveBeenCalledOnce();
    expect(submitted).toHaveBeenCalledOnce();
  });
});

it('waits for something else without losing the focus', async () => {
  const onClick = vi.fn();
  const page = mount(Button, { props: { onClick }, attachTo: document.body });
  page.element.focus();
  await page.setProps({ waiting: true });
  await page.trigger('click');
  expect(onClick).not.toHaveBeenCalled();
  expect(document.activeElement).toBe(page.element);
  expect(page.attributes('aria-disabled')).toBe('true');
});

describe('a Button with `to`', () => {
  const RouterLink = defineComponent({
    props: ['to'],
    setup:
      (props, { slots }) =>
      () =>
        h('a', { 'data-routed': props.to }, slots.default?.()),
  });
  const plugins = [(app: App) => provideLinkComponent(app, RouterLink)];

  it('is a plain link without a router', () => {
    const link = mount(Button, { props: { to: '/tenants' }, slots: { default: 'Écoles' } });
    expect(link.get('a').attributes('href')).toBe('/tenants');
  });

  it('goes through the router within the site', () => {
    const link = mount(Button, { props: { to: '/tenants' }, global: { plugins } });
    expect(link.get('a').attributes('data-routed')).toBe('/tenants');
  });

  it.each(['https://lycee.example', 'mailto:a@b.fr', '//lycee.example', '#main'])(
    'leaves %s to the browser',
    (to) => {
      const link = mount(Button, { props: { to }, global: { plugins } });
      expect(link.get('a').attributes('href')).toBe(to);
    },
  );
});
