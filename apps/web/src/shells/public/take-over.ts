type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;
const NAMED = 'input[name], textarea[name], select[name]';

const namesake = (root: Element, { name }: Control): Control | null =>
  root.querySelector<Control>(`:is(input, textarea, select)[name="${CSS.escape(name)}"]`);

/**
 * Puts the application's page in the place of the one that the server wrote, in one step, so that nothing is seen to go and come
 * back. What the reader has typed meanwhile goes along, and so does the focus.
 */
export function takeOver(written: Element, fresh: HTMLElement): void {
  for (const control of written.querySelectorAll<Control>(NAMED)) {
    const own = namesake(fresh, control);
    if (!own || own.value === control.value || control.value === '') continue;
    own.value = control.value;
    own.dispatchEvent(new Event(own instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
  }
  const active = written.contains(document.activeElement) ? (document.activeElement as HTMLElement) : null;
  written.replaceWith(fresh);
  if (active?.matches(NAMED)) namesake(fresh, active as Control)?.focus({ preventScroll: true });
  else if (active?.id) document.getElementById(active.id)?.focus({ preventScroll: true });
}
