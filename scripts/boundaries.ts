import path from 'node:path';
import ts from 'typescript';

/** A rule of docs/explanation/architecture that a file breaks. */
export interface Violation {
  file: string;
  rule: string;
  detail: string;
}

const VAGUE = /^(utils?|helpers?|common|types|misc|shared)\.(ts|vue|js)$/;
const READS_ENV = ['config.ts'];
const ENV_FREE = [
  /^scripts\//,
  /\.config\.(ts|js)$/,
  /^packages\/testkit\//,
  /\.(test|spec)\.ts$/,
  /\/test\//,
  /\/e2e\//,
  /\/bench\//,
  /\/fuzz\//,
  /\/chaos\//,
  /\/drill\//,
];
const DEFAULT_EXPORT_ALLOWED = [/\.config\.(ts|js)$/, /^docs\/\.vitepress\//, /\.d\.ts$/, /\.vue$/];

/** Roles inside a feature, lowest first: a file imports its own level and those below, never above. */
const LEVELS: Record<string, number> = {
  model: 0,
  repository: 1,
  'read-model': 1,
  service: 2,
  routes: 3,
  feature: 4,
};

interface ImportedPath {
  specifier: string;
  /** Path in the repository, when the specifier leads to one. */
  target?: string;
}

function scripts(file: string, source: string): string {
  if (!file.endsWith('.vue')) return source;
  return [...source.matchAll(/<script[^>]*>([^]*?)<\/script>/g)].map((match) => match[1]).join('\n');
}

function imports(file: string, code: string): ImportedPath[] {
  return ts.preProcessFile(code, true, true).importedFiles.map(({ fileName: specifier }) => {
    if (specifier.startsWith('.')) {
      return { specifier, target: path.posix.join(path.posix.dirname(file), specifier) };
    }
    if (specifier.startsWith('#api/')) return { specifier, target: `apps/api/src/${specifier.slice(5)}` };
    const own = /^@preau\/(api|web)\b\/?(.*)/.exec(specifier);
    return own ? { specifier, target: `apps/${own[1]}/${own[2]}` } : { specifier };
  });
}

function featureOf(file: string): string | undefined {
  return /^apps\/(?:api|web)\/src\/features\/([^/]+)\//.exec(file)?.[1];
}

function levelOf(file: string): number | undefined {
  return LEVELS[/\.([a-z-]+)\.ts$/.exec(file)?.[1] ?? ''];
}

function isTest(file: string): boolean {
  return /\.(test|spec)\.ts$/.test(file);
}

function importRule(file: string, { specifier, target }: ImportedPath): Omit<Violation, 'file'> | undefined {
  if (target === undefined) return undefined;
  if (file.startsWith('packages/') && target.startsWith('apps/')) {
    return { rule: 'a package imports no app', detail: specifier };
  }
  if (file.startsWith('apps/api/src/platform/') && target.startsWith('apps/api/src/features/')) {
    return { rule: 'the platform imports no feature', detail: specifier };
  }
  const from = featureOf(file);
  const to = featureOf(target);
  if (from === undefined || to === undefined || isTest(file)) return undefined;
  if (from !== to) {
    // Words alone: the index would bring its routes and parts to whoever shows one sentence.
    if (/\/features\/[^/]+\/(?:index|words)\.ts$/.test(target)) return undefined;
    return { rule: 'a feature imports another only through its index.ts', detail: specifier };
  }
  const above = (levelOf(target) ?? 0) > (levelOf(file) ?? Number.POSITIVE_INFINITY);
  return above ? { rule: 'inside a feature imports go down, never up', detail: specifier } : undefined;
}

interface Findings {
  env: boolean;
  defaultExport: boolean;
}

/** `import { env } from 'node:process'`, under whatever local name. */
function importsEnv(node: ts.ImportDeclaration): boolean {
  const from = (node.moduleSpecifier as ts.StringLiteral).text;
  const named = node.importClause?.namedBindings;
  if (!['process', 'node:process'].includes(from) || !named || !ts.isNamedImports(named)) return false;
  return named.elements.some((element) => (element.propertyName ?? element.name).text === 'env');
}

function inspect(code: string): Findings {
  const findings: Findings = { env: false, defaultExport: false };
  const tree = ts.createSourceFile('file.ts', code, ts.ScriptTarget.Latest, false);
  const visit = (node: ts.Node): void => {
    if (ts.isExportAssignment(node)) findings.defaultExport = true;
    if (ts.canHaveModifiers(node)) {
      const kinds = ts.getModifiers(node)?.map((modifier) => modifier.kind);
      if (kinds?.includes(ts.SyntaxKind.DefaultKeyword)) findings.defaultExport = true;
    }
    if (ts.isExportSpecifier(node) && node.name.text === 'default') findings.defaultExport = true;
    if (ts.isPropertyAccessExpression(node) && node.name.text === 'env') {
      if (ts.isIdentifier(node.expression) && node.expression.text === 'process') findings.env = true;
    }
    if (ts.isImportDeclaration(node) && importsEnv(node)) findings.env = true;
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return findings;
}

/** Rules that `file` (a path from the repository's root, with slashes) breaks with this content. */
export function violationsOf(file: string, source: string): Violation[] {
  const code = scripts(file, source);
  const found: Omit<Violation, 'file'>[] = [];
  const name = path.posix.basename(file);
  if (VAGUE.test(name)) found.push({ rule: 'a file is named after its content', detail: name });
  for (const imported of imports(file, code)) {
    const broken = importRule(file, imported);
    if (broken) found.push(broken);
  }
  const { env, defaultExport } = inspect(code);
  if (env && !READS_ENV.includes(name) && !ENV_FREE.some((pattern) => pattern.test(file))) {
    found.push({ rule: 'only config.ts reads process.env', detail: 'process.env' });
  }
  if (defaultExport && !DEFAULT_EXPORT_ALLOWED.some((pattern) => pattern.test(file))) {
    found.push({ rule: 'exports have names', detail: 'export default' });
  }
  return found.map((violation) => ({ file, ...violation }));
}
