import { mount } from '@vue/test-utils';
import { expect, test } from 'vitest';
import { createPreauI18n } from '../i18n.ts';
import { NetworkError, ProblemError } from '../problem.ts';
import ProblemAlert from './ProblemAlert.vue';

const words = {
  action: { retry: 'Réessayer', reload: 'Recharger' },
  problem: { network_title: 'Pas de réseau', network: 'Vérifiez.', request: 'Demande' },
};
const refusal = (status: number): ProblemError =>
  new ProblemError({ type: 'about:blank', title: 'Refus', detail: '', status, code: 'x', request_id: 'r' });

function buttonFor(error: Error, props: { retryLabel?: string } = {}): string | undefined {
  const alert = mount(ProblemAlert, {
    props: { error, retryable: true, ...props },
    global: { plugins: [createPreauI18n('fr', words)] },
  });
  const button = alert.find('button');
  return button.exists() ? button.text() : undefined;
}

test('another attempt is offered where it may meet something else', () => {
  expect(buttonFor(new NetworkError(false, null))).toBe('Réessayer');
  expect(buttonFor(refusal(503))).toBe('Réessayer');
  expect(buttonFor(refusal(429))).toBe('Réessayer');
});

test('and not where the answer will be the same', () => {
  for (const status of [400, 403, 404, 410, 422]) expect(buttonFor(refusal(status))).toBeUndefined();
  expect(buttonFor(refusal(404), { retryLabel: 'Recharger' })).toBe('Recharger');
});
