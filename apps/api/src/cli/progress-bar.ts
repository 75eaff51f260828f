import ora from 'ora';
import type { ProgressBar } from '../features/define-feature.ts';

const WIDTH = 24;

/** One line for people: a bar where the total is known, what there is of it and in all. */
export function progressLine(
  label: string,
  progress: { done: number; total: number | null; unit: string } | null,
): string {
  if (!progress) return label;
  const { done, total, unit } = progress;
  if (!total) return `${label}  ${done} ${unit}`;
  const share = Math.min(1, done / total);
  const full = Math.floor(share * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  return `${label}  ${bar} ${Math.floor(share * 100)} %  ${done}/${total} ${unit}`;
}

/** A bar on standard error; draws nothing unless told. */
export function createProgressBar(drawn: boolean): ProgressBar {
  // Not `discardStdin`: Ctrl-C must reach the process as ever.
  const line = drawn ? ora({ stream: process.stderr, discardStdin: false }) : null;
  return {
    show(label, progress) {
      if (!line) return;
      line.text = progressLine(label, progress);
      if (!line.isSpinning) line.start();
    },
    end: () => void line?.stop(),
  };
}
