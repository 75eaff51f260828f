import type { Readable } from 'node:stream';
import type { Command } from 'commander';
import type { FastifyReply } from 'fastify';
import type { AnswerOf, BodyOf, ParamsOf, QueryOf, RouteContract } from '@preau/contracts/define-route';
import type { Language } from '@preau/contracts/vocabulary';
import type { ModuleKey } from '@preau/contracts/modules';
import { NOT_MODIFIED } from '../platform/versions.ts';
import type { Services } from '../services.ts';
import type { Actor, Origin } from './audit/index.ts';
import type { TenantSnapshot } from './current-tenant/index.ts';
import type { FixturePart } from './fixtures/index.ts';
import type { JobDefinition } from './jobs/index.ts';
import type { RealtimePart } from './realtime/index.ts';
import type { SchoolSeed } from './tenants/index.ts';
import type { MailDefinition } from './mail/index.ts';
import type { NotificationDefinition } from './notifications/index.ts';

/** What a handler gets: validated input, who asks, and the school of the host. */
export interface Call<R extends RouteContract = RouteContract> {
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  actor: Actor;
  origin: Origin;
  /** The school at this host; null on the console and the base. Tenant routes use {@link schoolOf}. */
  tenant: TenantSnapshot | null;
  language: Language;
  reply: FastifyReply;
  /** The file of a route that takes one. Throws `file_expected` when there is none. */
  upload(): Promise<Upload>;
  /** The files of a route that takes several, one after the other. Each must be read to its end, or the form be given up. */
  files(): AsyncIterable<FormFile>;
}

/** A file of a form on its way in. */
export interface FormFile {
  /** As its sender calls it. */
  name: string;
  content: Readable;
  /** What the form said before it. */
  fields: Readonly<Record<string, string>>;
  /** Of the first file: bytes that are to come from here on, as the sender says; null when it does not. */
  announced: number | null;
}

/** A file on its way in. Whoever takes it reads it to the end. */
export interface Upload {
  /** As its sender calls it; empty when not told. */
  name: string;
  content: AsyncIterable<Buffer>;
}

export interface BoundRoute {
  contract: RouteContract;
  handler: (call: Call) => Promise<unknown>;
  /** The same answer without waiting for anything, for what can be sent before the framework is asked. */
  ready?: (question: ReadyQuestion) => ReadyAnswer;
}

/** All that a ready answer depends on. */
export interface ReadyQuestion {
  tenant: TenantSnapshot | null;
  /** `?v=` */
  version: string | undefined;
  /** `If-None-Match` */
  known: string | undefined;
}

/** An answer made beforehand, as it goes out. */
export interface ReadyAnswer {
  status: 200 | 304;
  /** Names and values in turn. */
  headers: readonly string[];
  body?: string;
}

/** Joins a contract to the function that answers it. */
export function bind<R extends RouteContract>(
  contract: R,
  handler: (call: Call<R>) => Promise<AnswerOf<R>>,
): BoundRoute {
  return { contract, handler: handler };
}

/** Joins a contract to answers made beforehand: for the few routes that answer every page view. */
export function bindReady(
  contract: RouteContract,
  ready: (question: ReadyQuestion) => ReadyAnswer,
): BoundRoute {
  return {
    contract,
    ready,
    handler: async ({ tenant, query, headers: asked, reply }) => {
      const { v: version } = query as unknown as { v?: string };
      const { status, headers, body } = ready({ tenant, version, known: asked['if-none-match'] as string });
      for (let at = 0; at < headers.length; at += 2) reply.header(headers[at] ?? '', headers[at + 1]);
      reply.code(status);
      return status === 304 ? NOT_MODIFIED : body;
    },
  };
}

/** The school of a route of the tenant zone, where there always is one. */
export function schoolOf(call: Call<never> | Call): TenantSnapshot {
  const { tenant } = call as Call;
  if (!tenant) throw new Error('A route of the tenant zone was reached without a school');
  return tenant;
}

/** One capability of the product: what it answers over HTTP and on the command line, and what it does in the background. */
export interface Feature {
  name: string;
  /** The module of the school it belongs to, if it can be switched off. */
  module?: ModuleKey;
  routes?: (services: Services) => BoundRoute[];
  jobs?: readonly JobDefinition[];
  /** What every new school has of it from the first day. */
  seeds?: readonly SchoolSeed[];
  mails?: readonly MailDefinition[];
  /** What of it a file of data can hold: see `preau fixtures`. */
  fixtures?: readonly FixturePart[];
  /** What people are told of in the portal. */
  notifications?: readonly NotificationDefinition<any>[];
  /** What it does with open sockets. */
  realtime?: (services: Services) => RealtimePart;
  commands?: (program: Command, run: RunCommand) => void;
}

/** Runs a command's work with the services open, and prints what it answers. */
export type RunCommand = (work: (services: Services, print: Printer) => Promise<void>) => Promise<void>;

export interface Printer {
  /** Whether results are texts for people: on a terminal, unless JSON was asked for. */
  readonly forPeople: boolean;
  /** One result: JSON where asked or not on a terminal, else the given text. */
  result(value: unknown, text?: string): void;
  /** A table on a terminal, else one JSON line a value; `always` prints the table whatever the output is. */
  table(
    columns: readonly string[],
    rows: readonly (readonly unknown[])[],
    values: readonly unknown[],
    always?: boolean,
  ): void;
  /** Text as it is, for formats of their own. */
  text(text: string): void;
  /** Progress and remarks, on standard error. */
  note(text: string): void;
  /** A bar on standard error that is drawn again in place; on anything but a terminal nothing is drawn. */
  progress(): ProgressBar;
}

export interface ProgressBar {
  /** A bar of `done` out of `total`, or a mere count while the total is not known. */
  show(label: string, progress: { done: number; total: number | null; unit: string } | null): void;
  /** Takes it away. May be called more than once. */
  end(): void;
}

export const defineFeature = (feature: Feature): Feature => feature;
