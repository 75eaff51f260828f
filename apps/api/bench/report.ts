import { formatCells } from './table.ts';

/** One measured figure. The shape is shared by all measuring commands: name it once, and a script can follow it for years. */
export interface Result {
  name: string;
  value: number;
  unit: string;
  /** As people read it, e.g. `≥ 0.80`; null for a figure that only informs. */
  goal: string | null;
  /** Whether the goal holds; null without one. */
  holds: boolean | null;
}

export interface Report {
  command: string;
  scenario: string;
  machine: Record<string, string | number | boolean>;
  versions: Record<string, string>;
  results: Result[];
}

const rounded = (value: number): number => Number(value.toPrecision(4));

/** A figure without a goal. */
export const figure = (name: string, value: number, unit: string): Result => ({
  name,
  value: rounded(value),
  unit,
  goal: null,
  holds: null,
});

/** A ratio that must not be lower. Judged before rounding. */
export const atLeast = (name: string, value: number, goal: number): Result => ({
  name,
  value: rounded(value),
  unit: 'ratio',
  goal: `≥ ${goal.toFixed(2)}`,
  holds: value >= goal,
});

/** A ratio that must not be higher. Judged before rounding. */
export const atMost = (name: string, value: number, goal: number): Result => ({
  name,
  value: rounded(value),
  unit: 'ratio',
  goal: `≤ ${goal.toFixed(2)}`,
  holds: value <= goal,
});

/** A time that must not be longer. Judged before rounding. */
export const within = (name: string, value: number, goal: number): Result => ({
  name,
  value: rounded(value),
  unit: 'ms',
  goal: `≤ ${goal} ms`,
  holds: value <= goal,
});

/** A count that must be just so. */
export const exactly = (name: string, value: number, goal: number, unit: string): Result => ({
  name,
  value,
  unit,
  goal: `= ${goal}`,
  holds: value === goal,
});

/** Whether every goal holds. */
export const allHold = ({ results }: Pick<Report, 'results'>): boolean =>
  results.every(({ holds }) => holds !== false);

const facts = (values: Record<string, string | number | boolean>): string =>
  Object.entries(values)
    .map(([name, value]) => `${name} ${value}`)
    .join(' · ');

/** The report for people. */
export function formatReport({ scenario, machine, versions, results }: Report): string {
  const rows = results.map(({ name, value, unit, goal, holds }) => [
    name,
    value.toLocaleString('en-US', { maximumFractionDigits: 3 }),
    unit,
    goal ?? '',
    holds === null ? '' : holds ? '✓' : '✗ missed',
  ]);
  return [
    scenario,
    facts(machine),
    facts(versions),
    '',
    formatCells([['measure', 'value', 'unit', 'goal', 'holds'], ...rows], [1]),
    '',
  ].join('\n');
}
