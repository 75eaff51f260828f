import { readBoot } from './shared/boot.ts';
import { startMode } from './shared/mode.ts';
import { sayThatItFailed } from './shared/start-failure.ts';
import { SHELLS } from './shells/index.ts';

startMode();
const boot = readBoot();
const { start, messages } = SHELLS[boot.face];
try {
  const [shell, words] = await Promise.all([start(), messages[boot.language]()]);
  // Between reading the files and building the page the browser may answer whoever taps.
  await new Promise((resolve) => setTimeout(resolve));
  await shell.start(boot, words.default, messages);
} catch (error) {
  sayThatItFailed(boot.language);
  throw error;
}
