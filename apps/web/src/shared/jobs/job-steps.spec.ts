import type { Job, JobStep } from '@preau/contracts/jobs';
import { mount } from '@vue/test-utils';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createPreauI18n } from '../i18n.ts';
import { followJob } from './follow-job.ts';
import words from '../locales/fr.json' with { type: 'json' };
import JobSteps from './JobSteps.vue';

const step = (name: string, status: JobStep['status'], duration_ms: number | null): JobStep => ({
  name,
  status,
  duration_ms,
  started_at: '2026-11-21T08:00:00Z',
  ended_at: null,
  error: null,
});

test('each step has its name, its state in words and its time', () => {
  const page = mount(JobSteps, {
    props: {
      steps: [step('role', 'done', 1.4), step('snapshot', 'failed', 1_234), step('late', 'running', null)],
      label: (name: string) => `« ${name} »`,
    },
    global: { plugins: [createPreauI18n('fr', words)] },
  });
  expect(page.findAll('li').map((item) => item.text().replaceAll('\u00a0', ' '))).toEqual([
    '« role »terminée1 ms',
    '« snapshot »en échec1,2 s',
    expect.stringContaining('« late »en cours'),
  ]);
});

class Source extends EventTarget {
  static last: Source;
  readonly url: string;
  closed = false;
  constructor(url: string) {
    super();
    this.url = url;
    Source.last = this;
  }
  close(): void {
    this.closed = true;
  }
  tell(job: Partial<Job>): void {
    this.dispatchEvent(new MessageEvent('job', { data: JSON.stringify(job) }));
  }
}

beforeEach(() => void vi.stubGlobal('EventSource', Source));
afterEach(() => void vi.unstubAllGlobals());

test('a job is followed until it has ended, and the stream is not opened again', () => {
  const seen: string[] = [];
  followJob('x/y', ({ status }) => seen.push(status));
  expect(Source.last.url).toBe('/api/v1/jobs/x%2Fy/events/');
  Source.last.tell({ status: 'running' });
  expect(Source.last.closed).toBe(false);
  Source.last.tell({ status: 'done' });
  expect(Source.last.closed).toBe(true);
  expect(seen).toEqual(['running', 'done']);
});
