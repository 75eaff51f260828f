import type { FastifyReply, FastifyRequest } from 'fastify';
import { preferredLanguage } from '@preau/contracts/languages';
import type { Language } from '@preau/contracts/vocabulary';
import type { Actor, Origin } from '../features/audit/index.ts';
import type { TenantSnapshot } from '../features/current-tenant/index.ts';
import type { Call, FormFile, Upload } from '../features/define-feature.ts';
import { originOf } from './guard.ts';
import { filesOf } from './upload-form.ts';
import { uploadOf } from './uploads.ts';

/** A request as handlers see it. Each part is made when it is asked for: the busiest routes need two of them. */
export class RequestCall implements Call {
  readonly reply: FastifyReply;
  readonly #request: FastifyRequest;

  constructor(request: FastifyRequest, reply: FastifyReply) {
    this.#request = request;
    this.reply = reply;
  }

  get params(): never {
    return this.#request.params as never;
  }
  get query(): never {
    return this.#request.query as never;
  }
  get body(): never {
    return this.#request.body as never;
  }
  get headers(): FastifyRequest['headers'] {
    return this.#request.headers;
  }
  get actor(): Actor {
    return this.#request.actor;
  }
  get origin(): Origin {
    return originOf(this.#request);
  }
  get tenant(): TenantSnapshot | null {
    return this.#request.place?.tenant ?? null;
  }
  get language(): Language {
    return preferredLanguage(this.#request.headers['accept-language']);
  }

  upload(): Promise<Upload> {
    return uploadOf(this.#request);
  }

  files(): AsyncIterable<FormFile> {
    return filesOf(this.#request);
  }
}
