import type { Language } from '@preau/contracts/vocabulary';

// Here, not in the message files: they may be what could not be loaded.
const WORDS = {
  fr: { text: 'La page n’a pas pu être chargée.', again: 'Recharger' },
  en: { text: 'The page could not be loaded.', again: 'Reload' },
};

/** Under the school's bar, when the application's files do not come. */
export function sayThatItFailed(language: Language): void {
  const box = document.createElement('p');
  box.setAttribute('role', 'alert');
  const again = document.createElement('button');
  again.type = 'button';
  again.textContent = WORDS[language].again;
  again.addEventListener('click', () => location.reload());
  box.append(`${WORDS[language].text} `, again);
  box.style.padding = '1.5rem';
  document.getElementById('app')?.append(box);
}
