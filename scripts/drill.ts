import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { ROOT, script } from './stage.ts';
import { ensureWebBuild } from './web-build.ts';

/** `pnpm drill`: what the chain is made of, the built application, then the drill itself. */
const [program = '', ...words] = script('system-packages.ts');
if (spawnSync(program, words, { stdio: 'inherit', cwd: ROOT }).status !== 0) process.exit(1);
if (!(await ensureWebBuild({ quiet: true }))) process.exit(1);
const drill = ['apps/api/drill/run.ts', ...process.argv.slice(2)];
process.exit(spawnSync(process.execPath, drill, { stdio: 'inherit', cwd: ROOT }).status ?? 1);
