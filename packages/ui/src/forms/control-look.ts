/** The box that all text controls share. */
export const CONTROL_BOX =
  'rounded-md border border-control bg-surface-raised text-ink has-aria-invalid:border-danger ' +
  'aria-invalid:border-danger disabled:cursor-not-allowed disabled:bg-surface-sunken disabled:text-ink-muted has-disabled:bg-surface-sunken';

/** A control that is its own box. */
export const TEXT_CONTROL = `${CONTROL_BOX} min-h-control w-full min-w-0 px-3 py-2 placeholder:text-ink-muted`;
