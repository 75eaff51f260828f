/** Grey veil behind a dialog. */
export const SCRIM =
  'fixed inset-0 z-40 bg-scrim data-[state=open]:animate-enter data-[state=closed]:animate-leave';

/** A dialog's panel: a sheet at the bottom on a phone, centred above; scrolls inside itself. */
export const PANEL =
  'fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] w-full flex-col rounded-t-lg border border-line bg-surface-raised ' +
  'text-ink shadow-overlay data-[state=open]:animate-enter data-[state=closed]:animate-leave ' +
  'sm:inset-auto sm:top-1/2 sm:left-1/2 sm:max-h-[85dvh] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-lg';
