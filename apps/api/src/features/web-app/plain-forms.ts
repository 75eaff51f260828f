import type { BegunRequest, PlainForm } from '@preau/contracts/public-pages';
import { LANGUAGES } from '@preau/contracts/vocabulary';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AppError } from '../../platform/app-error.ts';
import { FORMATS } from '../../platform/formats.ts';
import { refuseCrossSite } from '../../zones/authorise.ts';
import type { PlaceFinder } from '../../zones/place.ts';

/** What asks the API for who sent the form. */
type Send = (
  request: FastifyRequest,
  path: string,
  body?: unknown,
  key?: string,
) => Promise<{ status: number; body: unknown }>;

export interface PlainFormsOptions {
  places: PlaceFinder;
  /** Whether cookies are for https alone. */
  secure: boolean;
  send: Send;
  /** Answers with the page as it goes on after this form. */
  show(request: FastifyRequest, reply: FastifyReply, form: PlainForm, status: number): Promise<FastifyReply>;
}

const NEW_SCHOOL = '/tenant/new/';
const COOKIE = 'preau_request';
const A_WEEK = 7 * 86_400;
const A_YEAR = 365 * 86_400;
/** The longest message of a request, in letters of several bytes, and the rest. */
const MOST_BYTES = 32_768;

/** What the browser has begun: its cookie is read by no script, and sent from no other site. */
export function begunRequest(cookies: string | undefined): BegunRequest | undefined {
  if (!cookies?.includes(COOKIE)) return undefined;
  const [id = '', email = '', key] = (parseCookie(cookies)[COOKIE] ?? '').split('.');
  if (!FORMATS.uuid.test(id)) return undefined;
  const address = Buffer.from(email, 'base64url').toString();
  return { id, email: address, ...(key ? { key } : {}) };
}

const DETAILS = ['school_name', 'school_type', 'subdomain', 'phone', 'address', 'postal_code', 'city'];
const MORE_DETAILS = ['website', 'uai', 'message'];
const ASKED = ['email', 'full_name', 'school_name', 'school_type'];

type Values = Readonly<Record<string, string>>;
/** Of what was typed, these fields; blank ones are refused by the API in its words. */
const pick = (values: Values, names: readonly string[]) =>
  Object.fromEntries(names.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]]])));

/** The call of the API that a step of the form is; null where the step is not to be had. */
export function callOf(
  step: string,
  values: Values,
  begun: BegunRequest | undefined,
): { path: string; body?: Record<string, unknown>; key?: string } | null {
  const fax = values['fax'] ? { fax: values['fax'] } : {};
  if (step === 'ask') return { path: '/signup/', body: { ...pick(values, ASKED), ...fax } };
  if (!begun) return null;
  if (step === 'code') {
    const code = (values['code'] ?? '').replace(/\s/g, '');
    return { path: '/signup/verify/', body: { signup_id: begun.id, code } };
  }
  if (!begun.key) return null;
  const own = { key: begun.key };
  if (step === 'details') {
    const more = Object.fromEntries(MORE_DETAILS.map((name) => [name, values[name]?.trim() || null]));
    return { path: `/signup/${begun.id}/submit/`, body: { ...pick(values, DETAILS), ...more }, ...own };
  }
  return step === 'withdraw' || step === 'enter' ? { path: `/signup/${begun.id}/${step}/`, ...own } : null;
}

/** A path of this host, whoever wrote it. */
const pathOf = (text: string | undefined): string =>
  text !== undefined && /^\/(?![/\\])[^\0-\x20\\]*$/.test(text) ? text : '/';

/** The forms of the public site as browsers send them that run no scripts; each step is the API's own, with its checks and limits. */
export async function plainForms(
  app: FastifyInstance,
  { places, secure, send, show }: PlainFormsOptions,
): Promise<void> {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: MOST_BYTES },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(body as string))),
  );
  const route = (name: string) =>
    ({
      config: { contract: { zone: 'public', permission: 'anyone', name } },
      schema: { hide: true } as never,
    }) as const;

  /** What was typed, at a host that has the form. */
  async function typed(request: FastifyRequest, atBase = true): Promise<Values> {
    refuseCrossSite(request.method, request.headers);
    const place = await places.load(request.headers.host);
    if (!place || (atBase && place.kind !== 'base')) throw new AppError('not_found');
    return (request.body ?? {}) as Values;
  }
  const keep = (reply: FastifyReply, { id, email, key }: BegunRequest) =>
    reply.header(
      'set-cookie',
      stringifySetCookie({
        name: COOKIE,
        value: [id, Buffer.from(email).toString('base64url'), ...(key ? [key] : [])].join('.'),
        path: '/tenant/new',
        httpOnly: true,
        sameSite: 'strict',
        secure,
        maxAge: id === '' ? 0 : A_WEEK,
      }),
    );

  app.post(NEW_SCHOOL, route('sendNewSchool'), async (request, reply) => {
    const values = await typed(request);
    const { step = '' } = values;
    const begun = begunRequest(request.headers.cookie);
    if (step === 'again') return keep(reply, { id: '', email: '' }).redirect(NEW_SCHOOL, 303);
    const call = callOf(step, values, begun);
    if (!call) return reply.redirect(NEW_SCHOOL, 303);
    const { status, body } = await send(request, call.path, call.body, call.key);
    const request_ = begun && step !== 'ask' ? { request: begun } : {};
    if (status >= 400) return show(request, reply, { values, problem: body as never, ...request_ }, status);
    if (step === 'enter')
      return show(request, reply, { values, way: (body as { url: string }).url, ...request_ }, 200);
    if (step === 'ask')
      void keep(reply, {
        id: (body as { signup_id: string }).signup_id,
        email: values['email']?.trim() ?? '',
      });
    if (step === 'code' && begun) void keep(reply, { ...begun, key: (body as { key: string }).key });
    return reply.redirect(NEW_SCHOOL, 303);
  });

  app.post('/my-schools', route('sendDiscover'), async (request, reply) => {
    const values = await typed(request);
    const { status, body } = await send(request, '/auth/discover/', pick(values, ['email']));
    return status >= 400
      ? show(request, reply, { values, problem: body as never }, status)
      : show(request, reply, { values, done: true }, 200);
  });

  app.post('/choose', route('choose'), async (request, reply) => {
    const { language, mode, back } = await typed(request, false);
    const cookie = (name: string, value: string, maxAge: number) =>
      void reply.header(
        'set-cookie',
        stringifySetCookie({ name, value, path: '/', maxAge, sameSite: 'lax' }),
      );
    if (LANGUAGES.some((known) => known === language)) cookie('preau_language', language ?? '', A_YEAR);
    if (mode === 'light' || mode === 'dark') cookie('preau_mode', mode, A_YEAR);
    else if (mode === 'system') cookie('preau_mode', '', 0);
    return reply.redirect(pathOf(back), 303);
  });
}
