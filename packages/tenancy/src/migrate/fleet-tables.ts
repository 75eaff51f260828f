/** What a run of the fleet migrator leaves behind, for a migration of the shared ladder to make. */
export const FLEET_TABLES = `
  CREATE TABLE public.fleet_runs (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('migrate', 'rollback')),
    status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed', 'halted', 'stopped', 'interrupted')),
    target text,
    undoes uuid,
    options jsonb NOT NULL DEFAULT '{}',
    host text NOT NULL,
    pid integer NOT NULL,
    total integer NOT NULL DEFAULT 0,
    started_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
  );
  CREATE INDEX fleet_runs_open_index ON public.fleet_runs (id) WHERE status = 'running';

  -- Written in the transaction that migrates the school, so without a foreign key: a check would lock the run's row each time.
  CREATE TABLE public.fleet_results (
    run_id uuid NOT NULL,
    schema_name text NOT NULL,
    from_version text,
    to_version text,
    applied text[] NOT NULL,
    attempts integer NOT NULL,
    error text,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (run_id, schema_name)
  );
  CREATE INDEX fleet_results_failed_index ON public.fleet_results (schema_name, run_id) WHERE error IS NOT NULL;
`;

/** Undoes {@link FLEET_TABLES}. */
export const DROP_FLEET_TABLES = 'DROP TABLE public.fleet_results, public.fleet_runs';
