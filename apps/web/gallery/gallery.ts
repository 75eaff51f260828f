import './style.css';
import { cssVariables, derivePalette } from '@preau/theme';
import { provideToasts } from '@preau/ui';
import { createApp } from 'vue';
import GalleryPage from './GalleryPage.vue';

// ?primary=FFEB3B&secondary=FFFFFF&mode=dark: how components look at a school, and in a mode that is chosen.
const asked = new URLSearchParams(location.search);
const root = document.documentElement;
const mode = asked.get('mode');
if (mode === 'light' || mode === 'dark') root.dataset['mode'] = mode;
const primary = asked.get('primary');
if (primary) {
  const { palette } = derivePalette({
    primary: `#${primary}`,
    secondary: `#${asked.get('secondary') ?? '424242'}`,
  });
  for (const declaration of cssVariables(palette)[mode === 'dark' ? 'dark' : 'light'].split(';')) {
    const [name, value] = declaration.split(':');
    if (name && value) root.style.setProperty(name, value);
  }
}
if (asked.has('comfortable')) root.dataset['density'] = 'comfortable';

const app = createApp(GalleryPage);
provideToasts(app);
app.mount('#app');
