import process from 'node:process';
import { LaunchError } from '@preau/postgres-launcher';
import { ConfigError } from '../apps/api/src/config.ts';
import { serve } from '../apps/api/src/server.ts';

/** Serves the product with the demo schools; what a person can mend is said without a stack. */
export async function serveDemo(): Promise<void> {
  try {
    await serve({ defaults: { PREAU_DEMO: 'on' } });
  } catch (error) {
    const mendable = error instanceof ConfigError || error instanceof LaunchError;
    console.error(mendable ? error.message : error);
    process.exit(1);
  }
}

// dev.ts runs this file under --watch.
if (import.meta.main) await serveDemo();
