/** An element that had the focus, or stands around one that had; what stood beside it then. */
interface Step {
  element: Element;
  next: Element | null;
  previous: Element | null;
}

const OVERLAY = '[role$=dialog], [role=menu]';
const ROW = 'tr, li, article';
const CONTROLS =
  ':is(a[href], button, input, select, textarea):not(:disabled, [type=hidden], [tabindex="-1"])';

const controlsOf = (row: Element) => [...row.querySelectorAll<HTMLElement>(CONTROLS)];

/** From the element outwards, as far as its page reaches. */
function placeOf(element: Element): Step[] {
  const steps: Step[] = [];
  for (let at: Element | null = element; at && !at.matches('main, body'); at = at.parentElement)
    steps.push({ element: at, next: at.nextElementSibling, previous: at.previousElementSibling });
  return steps;
}

/** Where somebody would look who finds that it is gone, the best first. */
function* heirsOf(place: readonly Step[]): Generator<HTMLElement> {
  const stays = place.findIndex(({ element }) => element.isConnected);
  const control = place[0]?.element;
  const gone = place[stays - 1];
  // The whole page: another has come, which says itself where the focus goes.
  if (!control || !gone) return;
  if (gone.element.matches(ROW)) {
    const rank = controlsOf(gone.element).indexOf(control as HTMLElement);
    for (const row of [gone.next, gone.previous]) {
      const there = row?.isConnected && row.matches(ROW) ? controlsOf(row) : [];
      const same = there[rank] ?? there.at(-1);
      if (same) yield same;
    }
  }
  for (const { element } of place.slice(stays)) {
    if (element.matches(ROW)) yield* controlsOf(element);
    if (element.matches('table')) yield element;
    const heading = element.querySelector<HTMLElement>('h1, h2, h3, h4');
    if (heading) yield heading;
  }
}

function takesFocus(element: HTMLElement): boolean {
  if (!element.matches(`${CONTROLS}, [tabindex]`)) {
    element.tabIndex = -1;
    element.addEventListener('blur', () => element.removeAttribute('tabindex'), { once: true });
  }
  element.focus();
  return document.activeElement === element;
}

/**
 * Keeps the focus in its place when what had it goes away, as a row does that is deleted, or had it before a dialog that deleted
 * the row: to the same control of the row beside it, else to the table or the heading of the section. Left alone the browser
 * would begin at the top of the page. Once per application; gives what ends it.
 */
export function keepFocus(): () => void {
  let place: readonly Step[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;

  function note(element: Element | null): void {
    // What opened over the page gives the focus back to it.
    if (element && element !== document.body && !element.closest(OVERLAY)) place = placeOf(element);
  }
  function onFocus({ target }: FocusEvent): void {
    note(target as Element);
  }
  function onLeave({ target }: FocusEvent): void {
    if (target !== place[0]?.element) return;
    queueMicrotask(() => {
      // Somebody pressed beside it: they know where they are.
      if (place[0]?.element.isConnected && document.activeElement === document.body) place = [];
    });
  }
  function restore(): void {
    const isLost = document.activeElement === document.body && place[0]?.element.isConnected === false;
    if (!isLost || document.querySelector('[role$=dialog][data-state=open]')) return;
    for (const heir of heirsOf(place)) if (takesFocus(heir)) return;
  }

  const changes = new MutationObserver(() => {
    if (place[0]?.element.isConnected !== false) return;
    clearTimeout(timer);
    // A dialog gives the focus back in a task of its own, and a new page takes it.
    timer = setTimeout(restore);
  });
  note(document.activeElement);
  document.addEventListener('focusin', onFocus);
  document.addEventListener('focusout', onLeave);
  changes.observe(document.body, { childList: true, subtree: true });
  return () => {
    clearTimeout(timer);
    changes.disconnect();
    document.removeEventListener('focusin', onFocus);
    document.removeEventListener('focusout', onLeave);
  };
}
