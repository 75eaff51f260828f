import { ERRORS, FIELD_ERRORS, fillSentence } from '@preau/contracts/error-codes';
import type { ImportLine, ImportReport } from '@preau/contracts/tenant-import';
import type { TenantCreate } from '@preau/contracts/tenants';
import type { Language } from '@preau/contracts/vocabulary';
import type { Tenancy } from '@preau/tenancy';
import { AppError, type FieldProblem } from '../../platform/app-error.ts';
import { isDatabaseUnavailable } from '../../platform/database-errors.ts';
import type { Origin } from '../audit/index.ts';
import { knownTenants, type ProvisioningService, type TenantService } from '../tenants/index.ts';
import { readCsv } from './csv-lines.ts';
import { asked, planLines, readLines, type PlannedLine, type ReadLine } from './plan-lines.ts';

export type TenantImport = ReturnType<typeof createTenantImport>;

export interface ImportRequest {
  /** Where the file is. */
  path: string;
  /** As its sender calls it. */
  fileName: string;
  /** Whether schools without a space get one. */
  provision: boolean;
  /** Of the sentences of the report. */
  language: Language;
}

export interface ImportProgress {
  /** After each line. */
  onLine?: (done: number, total: number, line: ImportLine) => void;
  /** Aborted: the lines so far stay, the rest is not begun. */
  signal?: AbortSignal;
}

interface Options {
  tenancy: Tenancy;
  tenants: Pick<TenantService, 'create' | 'update'>;
  provisioning: ProvisioningService;
  baseDomain: string;
}

/** Times a line is planned again, when somebody was faster with its UAI or its subdomain. */
const ATTEMPTS = 4;

type Told = ImportLine['errors'][number];

const tell = ({ path, code, values }: FieldProblem, language: Language): Told => ({
  path,
  code,
  message: fillSentence(FIELD_ERRORS[code][language], values),
});

function tellError(error: AppError, language: Language): Told[] {
  const { errors = [], details } = error.options;
  if (errors.length > 0) return errors.map((problem) => tell(problem, language));
  return [
    { path: '', code: error.code, message: fillSentence(ERRORS[error.code].detail[language], details) },
  ];
}

const isTaken = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'subdomain_taken' || error.code === 'uai_taken');

function show(planned: PlannedLine, provision: boolean, language: Language): ImportLine {
  const { line, school, action, body, tenant, subdomain, problems } = planned;
  return {
    line,
    uai: school.uai ?? null,
    name: school.school_name ?? '',
    subdomain,
    action,
    changes: action === 'update' ? Object.keys(body) : [],
    provision: provision && action !== 'refused' && !tenant?.provisioned_at,
    tenant_id: tenant?.id ?? null,
    errors: problems.map((problem) => tell(problem, language)),
  };
}

export function countLines(lines: readonly ImportLine[]): ImportReport['counts'] {
  const of = (test: (line: ImportLine) => boolean): number => lines.filter(test).length;
  return {
    lines: lines.length,
    create: of(({ action }) => action === 'create'),
    update: of(({ action }) => action === 'update'),
    unchanged: of(({ action }) => action === 'unchanged'),
    refused: of(({ action }) => action === 'refused'),
    provision: of(({ provision, errors }) => provision && errors.length === 0),
    failed: of(({ action, errors }) => action !== 'refused' && errors.length > 0),
  };
}

/** Schools from a file: what would happen, and doing it. Doing it again does nothing more. */
export function createTenantImport({ tenancy, tenants, provisioning, baseDomain }: Options) {
  const plan = async (lines: readonly ReadLine[]): Promise<PlannedLine[]> => {
    const known = await tenancy.central(({ trx }) => knownTenants(trx, { ...asked(lines), baseDomain }), {
      readOnly: true,
    });
    return planLines(lines, known);
  };

  async function open(request: ImportRequest) {
    const { encoding, delimiter, ignored, lines } = await readCsv(request.path);
    const read = readLines(lines);
    const report = (dryRun: boolean, shown: ImportLine[]): ImportReport => ({
      dry_run: dryRun,
      file_name: request.fileName,
      encoding,
      delimiter,
      ignored_columns: ignored,
      counts: countLines(shown),
      lines: shown,
    });
    return { read, planned: await plan(read), report };
  }

  /** Enters or updates the school of a line; answers its id. Throws what stands in the way. */
  async function write(planned: PlannedLine, origin: Origin): Promise<string | null> {
    const { action, body, tenant } = planned;
    if (action === 'create') return (await tenants.create(origin, body as TenantCreate)).tenant.id;
    if (action === 'update' && tenant) await tenants.update(origin, tenant.id, body);
    return tenant?.id ?? null;
  }

  /** Carries out one line. A refusal is its own; only a database that is gone stops the file. */
  async function carryOut(
    read: ReadLine,
    first: PlannedLine,
    { provision, language }: ImportRequest,
    origin: Origin,
  ): Promise<ImportLine> {
    let planned = first;
    for (let attempt = 1; ; attempt++) {
      const shown = show(planned, provision, language);
      try {
        shown.tenant_id = await write(planned, origin);
      } catch (error) {
        if (isTaken(error) && attempt < ATTEMPTS) {
          [planned = first] = await plan([read]);
          continue;
        }
        if (!(error instanceof AppError)) throw error;
        return {
          ...shown,
          action: 'refused',
          changes: [],
          provision: false,
          errors: tellError(error, language),
        };
      }
      if (!shown.provision || shown.tenant_id === null) return shown;
      try {
        await provisioning.provision(origin, shown.tenant_id);
      } catch (error) {
        if (isDatabaseUnavailable(error) || !(error instanceof AppError)) throw error;
        // Somebody else's import, or a person, was faster: it is there, or will be.
        if (error.code !== 'already_provisioned' && error.code !== 'job_in_progress')
          shown.errors = tellError(error, language);
      }
      return shown;
    }
  }

  return {
    /** What would happen, line by line; changes nothing. Throws for a file that cannot be read at all. */
    async preview(request: ImportRequest): Promise<ImportReport> {
      const { planned, report } = await open(request);
      return report(
        true,
        planned.map((line) => show(line, request.provision, request.language)),
      );
    },

    /** Does it, one line after the other, each in transactions of its own. */
    async run(
      request: ImportRequest,
      origin: Origin,
      { onLine, signal }: ImportProgress = {},
    ): Promise<ImportReport> {
      const { read, planned, report } = await open(request);
      const shown: ImportLine[] = [];
      for (const [at, line] of planned.entries()) {
        signal?.throwIfAborted();
        const done = await carryOut(read[at] as ReadLine, line, request, origin);
        shown.push(done);
        onLine?.(shown.length, planned.length, done);
      }
      return report(false, shown);
    },
  };
}
