import { readdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { RouteContract } from '@preau/contracts/define-route';
import type { BoundRoute } from '../../src/features/define-feature.ts';
import { features } from '../../src/features/index.ts';
import type { Services } from '../../src/services.ts';

const FOLDER = new URL('../../../../packages/contracts/src/', import.meta.url);

const isContract = (value: unknown): value is RouteContract =>
  typeof value === 'object' && value !== null && 'zone' in value && 'method' in value && 'path' in value;

/** Every route that the contracts package declares, found by reading the folder. */
export async function declaredContracts(): Promise<RouteContract[]> {
  const files = readdirSync(fileURLToPath(FOLDER)).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const modules = await Promise.all(
    files.map(
      (file) =>
        import(pathToFileURL(fileURLToPath(new URL(file, FOLDER))).href) as Promise<Record<string, unknown>>,
    ),
  );
  return modules.flatMap((module) => Object.values(module).filter(isContract));
}

/** Every route that a feature answers. Nothing is called: the handlers may close over services that are not there. */
export const boundRoutes = (): (BoundRoute & { feature: string })[] =>
  features.flatMap((feature) =>
    (feature.routes?.({} as Services) ?? []).map((route) => ({ ...route, feature: feature.name })),
  );

/** Of parameters that are no ids. */
const FILLED: Readonly<Record<string, string>> = {
  day: '2027-01-01',
  token: 'a'.repeat(43),
  picture: 'logo',
  name: 'a'.repeat(32),
  variant: 'med',
};

/** The path with its parameters filled; those not given get an id that is nobody's. */
export const fillPath = (path: string, params: Record<string, string> = {}): string =>
  path.replace(
    /:(\w+)/g,
    (_, name: string) => params[name] ?? FILLED[name] ?? '01890000-0000-7000-8000-000000000000',
  );
