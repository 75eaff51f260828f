import type { Knex } from 'knex';

/** Long-running work: what people watch. The queue that wakes workers up is in a schema of its own and holds ids only. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    CREATE TABLE public.jobs (
      id uuid PRIMARY KEY,
      kind text NOT NULL,
      -- Whatever a job knows of a school goes with the school.
      tenant_id uuid REFERENCES public.tenants (id) ON DELETE CASCADE,
      status text NOT NULL DEFAULT 'queued'
        CHECK (status IN ('queued', 'running', 'done', 'failed', 'cancelled')),
      payload jsonb NOT NULL,
      unique_key text,
      progress jsonb,
      steps jsonb NOT NULL DEFAULT '[]',
      attempts integer NOT NULL DEFAULT 0,
      max_attempts integer NOT NULL CHECK (max_attempts > 0),
      -- When a worker should have woken up for it.
      run_at timestamptz NOT NULL DEFAULT now(),
      -- The run that may write to this row: a new one for every attempt.
      owner uuid,
      heartbeat_at timestamptz,
      cancel_requested boolean NOT NULL DEFAULT false,
      result jsonb,
      failure jsonb,
      actor_type text NOT NULL,
      actor_id uuid,
      actor_label text NOT NULL,
      request_id text,
      created_at timestamptz NOT NULL DEFAULT now(),
      started_at timestamptz,
      finished_at timestamptz,
      version integer NOT NULL DEFAULT 1,
      CHECK ((status = 'running') = (owner IS NOT NULL)),
      CHECK ((status IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL))
    );
    CREATE INDEX jobs_tenant_index ON public.jobs (tenant_id, id);
    CREATE INDEX jobs_kind_index ON public.jobs (kind, id);
    CREATE INDEX jobs_finished_index ON public.jobs (finished_at) WHERE finished_at IS NOT NULL;
    CREATE INDEX jobs_open_index ON public.jobs (status, heartbeat_at, run_at) WHERE status IN ('queued', 'running');
    CREATE UNIQUE INDEX jobs_unique_key ON public.jobs (kind, unique_key) WHERE status IN ('queued', 'running');
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE public.jobs');
}
