import { TenantCreate, TenantPatch, type TenantCreate as Creation } from '@preau/contracts/tenants';
import type { ImportAction } from '@preau/contracts/vocabulary';
import { AppError, type FieldProblem } from '../../platform/app-error.ts';
import { validateBody } from '../../platform/validation.ts';
import { subdomainProblem } from '../domains/index.ts';
import type { KnownTenants, Tenant } from '../tenants/index.ts';
import { subdomainCandidates } from './choose-subdomain.ts';
import type { CsvLine } from './csv-lines.ts';
import { schoolOfLine, type DescribedSchool } from './school-of-line.ts';

/** What one line comes to. */
export interface PlannedLine {
  line: number;
  school: DescribedSchool;
  action: ImportAction;
  /** Whole, to create; what differs, to update; empty else. */
  body: Partial<Creation>;
  tenant: Tenant | null;
  subdomain: string | null;
  problems: FieldProblem[];
}

/** A line with what it describes, before it is compared with what is there. */
export interface ReadLine {
  line: number;
  school: DescribedSchool;
  problem: FieldProblem | null;
  /** Whether other lines of the file have a school of this name. */
  nameIsShared: boolean;
}

const foldName = (name: string | undefined): string => (name ?? '').toLowerCase();

/** Reads the lines of a file as schools. */
export function readLines(lines: readonly CsvLine[]): ReadLine[] {
  const schools = lines.map(({ cells }) => schoolOfLine(cells));
  const byName = Map.groupBy(schools, ({ school_name }) => foldName(school_name));
  return lines.map(({ line, problem }, at) => {
    const school = schools[at] ?? {};
    return {
      line,
      problem,
      school,
      nameIsShared: (byName.get(foldName(school.school_name))?.length ?? 0) > 1,
    };
  });
}

/** All that has to be looked up to plan these lines. */
export const asked = (lines: readonly ReadLine[]): { uais: string[]; subdomains: string[] } => ({
  uais: lines.flatMap(({ school }) => school.uai ?? []),
  subdomains: lines.flatMap(({ school, nameIsShared }) => [
    ...(school.subdomain ? [school.subdomain] : []),
    ...subdomainCandidates(school, nameIsShared),
  ]),
});

/** Columns of a school by the field of the wire. */
const STORED: Partial<Record<keyof DescribedSchool, keyof Tenant>> = { school_name: 'name' };

function differences(school: DescribedSchool, tenant: Tenant, known: KnownTenants): Partial<Creation> {
  const differing = Object.entries(school).filter(([field, value]) => {
    if (field === 'network') {
      const ours = tenant.network_id ? known.networks.get(tenant.network_id) : null;
      return known.networks.get(school.network ?? '') !== ours;
    }
    return tenant[(STORED[field as keyof DescribedSchool] ?? field) as keyof Tenant] !== value;
  });
  return Object.fromEntries(differing);
}

function problemsOf(schema: typeof TenantCreate | typeof TenantPatch, body: object): FieldProblem[] {
  try {
    validateBody(schema, body);
    return [];
  } catch (error) {
    if (error instanceof AppError) return [...(error.options.errors ?? [])];
    throw error;
  }
}

/**
 * Says of each line what is to be done, without doing anything. A school is known by its UAI, or by its own subdomain
 * where the line has none: a line with neither could not be recognised the next time.
 */
export function planLines(lines: readonly ReadLine[], known: KnownTenants): PlannedLine[] {
  const seen = new Map<string, number>();
  const given = new Set<string>();

  const plan = ({ line, school, problem, nameIsShared }: ReadLine): PlannedLine => {
    const refused = (problems: FieldProblem[], tenant: Tenant | null = null): PlannedLine => ({
      line,
      school,
      action: 'refused',
      body: {},
      tenant,
      subdomain: tenant?.subdomain ?? school.subdomain ?? null,
      problems,
    });
    if (problem) return refused([problem]);
    const key = school.uai ?? (school.subdomain ? `subdomain ${school.subdomain}` : undefined);
    if (key === undefined) return refused([{ path: 'uai', code: 'required' }]);
    const earlier = seen.get(key);
    if (earlier !== undefined)
      return refused([
        { path: school.uai ? 'uai' : 'subdomain', code: 'duplicate_line', values: { line: earlier } },
      ]);
    seen.set(key, line);

    const tenant = school.uai ? known.byUai.get(school.uai) : known.bySubdomain.get(school.subdomain ?? '');
    const problems: FieldProblem[] = [];
    if (school.subdomain && school.subdomain !== tenant?.subdomain) {
      const reserved = subdomainProblem(school.subdomain);
      if (reserved) problems.push({ path: 'subdomain', ...reserved });
      else if (known.taken.has(school.subdomain) || given.has(school.subdomain))
        problems.push({ path: 'subdomain', code: 'taken', values: { value: school.subdomain } });
    }
    if (school.network && !known.networks.has(school.network))
      problems.push({ path: 'network', code: 'unknown_network' });

    if (tenant) {
      if (tenant.status === 'archived') return refused([{ path: '', code: 'archived' }], tenant);
      const body = differences(school, tenant, known);
      const action = Object.keys(body).length > 0 ? 'update' : 'unchanged';
      if (action === 'update') problems.push(...problemsOf(TenantPatch, body));
      if (problems.length > 0) return refused(problems, tenant);
      return { line, school, action, body, tenant, subdomain: body.subdomain ?? tenant.subdomain, problems };
    }
    const subdomain =
      school.subdomain ??
      subdomainCandidates(school, nameIsShared).find((label) => !known.taken.has(label) && !given.has(label));
    const body = { ...school, subdomain: subdomain ?? '' } as Partial<Creation>;
    problems.push(
      ...problemsOf(TenantCreate, body).filter(({ path }) => !problems.some((other) => other.path === path)),
    );
    if (problems.length > 0) return refused(problems);
    if (subdomain) given.add(subdomain);
    return { line, school, action: 'create', body, tenant: null, subdomain: subdomain ?? null, problems };
  };
  return lines.map(plan);
}
