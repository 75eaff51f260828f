/** The box that all text controls share. */
const BOX = 'rounded-md border border-control bg-surface-raised text-ink';

/** A box around a control. */
export const CONTROL_BOX = `${BOX} has-aria-invalid:border-danger has-disabled:bg-surface-sunken`;

/** A control that is its own box: a choice in it that is not to be had does not make it look so itself. */
export const TEXT_CONTROL =
  `${BOX} aria-invalid:border-danger disabled:cursor-not-allowed disabled:bg-surface-sunken disabled:text-ink-muted ` +
  'min-h-control w-full min-w-0 px-3 py-2 placeholder:text-ink-muted';
