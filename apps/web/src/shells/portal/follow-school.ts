import { useSchool } from '../../features/current-tenant/index.ts';
import type { ProblemError } from '../../shared/problem.ts';

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** What any refused request tells of the school: closed, not ready, erased, a module switched off since the page came. */
export function followSchool(): (error: ProblemError) => void {
  const school = useSchool();
  return ({ code, problem }) => {
    const { reason, since } = problem as { reason?: unknown; since?: unknown };
    if (code === 'tenant_inactive') school.close(textOf(reason), textOf(since));
    else if (code === 'tenant_not_ready') school.prepare();
    // The server says then what there is at this address.
    else if (code === 'tenant_not_found') location.reload();
    else if (code === 'module_disabled') void school.refresh().catch(() => undefined);
  };
}
