import type { RouteContract } from '@preau/contracts/define-route';
import type { FastifyRequest } from 'fastify';
import { AppError } from '../platform/app-error.ts';
import type { Services } from '../services.ts';
import { originOf } from './guard.ts';

/** Puts down that somebody known was refused a change, then refuses it. */
export async function refuseChange(
  { audit }: Pick<Services, 'audit'>,
  request: FastifyRequest,
  { method, path }: RouteContract,
  error: unknown,
): Promise<never> {
  if (method !== 'GET' && error instanceof AppError && error.code === 'permission_denied')
    await audit.refused(
      originOf(request),
      request.place?.tenant?.id ?? null,
      `${method} ${path}`,
      String(error.options.details?.['permission'] ?? ''),
    );
  throw error;
}
