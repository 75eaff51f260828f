import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { violationsOf } from './boundaries.ts';

const root = path.resolve(import.meta.dirname, '..');
const roots = ['apps', 'packages', 'scripts', 'docs'];
const files = roots.flatMap((folder) =>
  fs.globSync(`${folder}/**/*.{ts,vue,js}`, {
    cwd: root,
    exclude: (name) => ['node_modules', 'dist', '.cache'].includes(path.basename(name)),
  }),
);

const violations = files.flatMap((file) =>
  violationsOf(file.split(path.sep).join('/'), fs.readFileSync(path.join(root, file), 'utf8')),
);
for (const { file, rule, detail } of violations) process.stdout.write(`${file}: ${rule} (${detail})\n`);
process.stdout.write(`${files.length} files, ${violations.length} broken boundaries\n`);
process.exitCode = violations.length > 0 ? 1 : 0;
