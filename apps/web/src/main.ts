import { readBoot } from './shared/boot.ts';
import { startMode } from './shared/mode.ts';
import { sayThatItFailed } from './shared/start-failure.ts';
import { nextTask, painted } from './shared/tasks.ts';
import { warmUp } from './shared/warm-up.ts';
import { SHELLS } from './shells/index.ts';

startMode();
const boot = readBoot();
const { start, messages } = SHELLS[boot.face];
try {
  if (boot.face !== 'public') await warmUp(boot.language);
  // The school's bar before the work begins that would hold it up.
  await painted();
  const [shell, words] = await Promise.all([start(), messages[boot.language]()]);
  await nextTask();
  await shell.start(boot, words.default, messages);
} catch (error) {
  sayThatItFailed(boot.language);
  throw error;
}
