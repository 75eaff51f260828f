import type { Static, TSchema } from 'typebox';
import type { ErrorCode } from './error-codes.ts';
import type { ModuleKey } from './modules.ts';
import type { RoutePermission } from './permissions.ts';

/**
 * Where a route lives, by the host of the request: `platform` on the console's host and the base, `tenant` on an open
 * school's host, `public` on any host that is known.
 */
export type Zone = 'platform' | 'tenant' | 'public';

export interface RouteContract {
  /** OpenAPI `operationId`, camelCase, unique. */
  name: string;
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/api/v1`, with a trailing slash; `:name` marks a parameter. */
  path: `/${string}`;
  zone: Zone;
  permission: RoutePermission;
  /** The module that must be on in the school. */
  module?: ModuleKey;
  /** A public route of a school that also answers while the school is closed or not yet open. */
  whenClosed?: boolean;
  /** Also answers to a session whose person has yet to set up the second factor that is demanded of them. */
  duringEnrolment?: boolean;
  /** Asked by an open page of its own accord: no use of the session, which ends in its time, nor of the school. */
  inBackground?: boolean;
  tag: string;
  summary: string;
  params?: TSchema;
  query?: TSchema;
  headers?: TSchema;
  body?: TSchema;
  /**
   * Takes a file instead of a body: a form of type `multipart/form-data` with it, or the file itself as one of `types`. With
   * `files` a form of up to so many files of any size, and of these fields before them.
   */
  upload?: {
    types: readonly string[];
    maxBytes: number;
    files?: number;
    fields?: Readonly<Record<string, TSchema>>;
  };
  /**
   * The one success answer. `204` goes without a schema; with `events` each server-sent event holds one value of it;
   * with `file` it is a file of that media type, or, where that is stars, of any.
   */
  success: { status: 200 | 201 | 202 | 204; schema?: TSchema; events?: boolean; file?: string };
  /** Another success answer, for a question that is answered at once. */
  also?: { status: 200; schema: TSchema };
  /** Codes it can answer beyond those every route can. */
  errors?: readonly ErrorCode[];
  /** Answers `ETag`, honours `If-None-Match` (GET) or `If-Match` (writes). */
  etag?: boolean;
  /** Attempts a minute from one address. */
  rateLimit?: number;
  /**
   * What is counted over longer, by address and by account. `secrets`: attempts that were refused, at what proves who one is.
   * `mails`: all of them, since each may fill a mailbox.
   */
  attempts?: 'secrets' | 'mails';
}

/** Declares a route once for the server, the OpenAPI document and the browser's typed client. */
export function defineRoute<const R extends RouteContract>(contract: R): R {
  return contract;
}

type Part<R, K extends string> = R extends Record<K, infer S extends TSchema> ? Static<S> : undefined;
/** Path parameters of a route. */
export type ParamsOf<R extends RouteContract> = Part<R, 'params'>;
/** Query of a route. */
export type QueryOf<R extends RouteContract> = Part<R, 'query'>;
/** Request body of a route. */
export type BodyOf<R extends RouteContract> = Part<R, 'body'>;
/** Success answer of a route. */
export type AnswerOf<R extends RouteContract> =
  | (R['success'] extends { schema: infer S extends TSchema } ? Static<S> : undefined)
  | (R['also'] extends { schema: infer S extends TSchema } ? Static<S> : never);
