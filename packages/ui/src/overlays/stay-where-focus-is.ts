/**
 * When something over the page closes, the focus goes back to where it was opened from, unless it is somewhere already, as in the
 * heading of the page that was chosen in it.
 */
export function stayWhereFocusIs(event: Event): void {
  const { activeElement } = document;
  const isInIt = event.target instanceof Node && event.target.contains(activeElement);
  if (activeElement !== document.body && !isInIt) event.preventDefault();
}
