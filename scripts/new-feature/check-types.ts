import path from 'node:path';
import process from 'node:process';
import ts from 'typescript';

/**
 * Checks the types of what a new feature can break, in the program that the given files make: the paths that are named, and
 * whatever names the modules and the permissions, which have grown. The rest of the product sees what it saw before; the
 * check of the whole repository has passed it, and takes twice the time.
 *
 * node scripts/new-feature/check-types.ts <file of the program>,… <file or folder to check>…
 */
const [roots = '', ...paths] = process.argv.slice(2);
const root = process.cwd();

const { options } = ts.convertCompilerOptionsFromJson(
  ts.readConfigFile('tsconfig.base.json', ts.sys.readFile).config.compilerOptions,
  root,
);
const program = ts.createProgram(
  roots.split(',').map((file) => path.join(root, file)),
  options,
);
const checked = program.getSourceFiles().filter(({ fileName, text }) => {
  if (fileName.includes('/node_modules/')) return false;
  const named = paths.some((name) => `${fileName}/`.startsWith(`${path.join(root, name)}/`));
  return named || /from '(@preau\/contracts|\.)\/(modules|permissions)(\.ts)?'/.test(text);
});
for (const name of paths)
  if (!checked.some(({ fileName }) => fileName.startsWith(path.join(root, name))))
    throw new Error(`${name} is not in the program`);

const found = [
  ...program.getOptionsDiagnostics(),
  ...program.getGlobalDiagnostics(),
  ...checked.flatMap((file) => [
    ...program.getSyntacticDiagnostics(file),
    ...program.getSemanticDiagnostics(file),
  ]),
];
process.stdout.write(ts.formatDiagnostics(found, ts.createCompilerHost(options)));
process.stdout.write(`${checked.length} files checked, ${found.length} errors\n`);
process.exit(found.length > 0 ? 1 : 0);
