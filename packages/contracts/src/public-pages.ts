import type { Boot } from './boot.ts';
import type { Problem } from './fields.ts';

/** A form that came without scripts: the server answers it with the page, as the page would have gone on by itself. */
export interface PlainForm {
  /** What was typed, to be typed no second time. */
  values: Readonly<Record<string, string>>;
  /** Why it was refused. */
  problem?: Problem;
  /** The request for a school that the browser has begun, and what opens it once the address is proved. */
  request?: BegunRequest;
  /** The way into the school that was made. */
  way?: string;
  /** It is done: nothing is left to fill in. */
  done?: true;
}

/** What a browser without scripts keeps of its request for a school. */
export interface BegunRequest {
  id: string;
  email: string;
  key?: string;
}

/** Asks the API that the page is served with: what it would answer a browser. */
export type AskApi = (
  address: string,
  init: { method: string; headers: Record<string, string>; body?: string },
) => Promise<{ status: number; headers: Record<string, string>; text: string }>;

export interface PageAsked {
  boot: Boot;
  /** In full, as the reader's browser has it. */
  address: URL;
  mode: 'system' | 'light' | 'dark';
  form?: PlainForm;
  ask: AskApi;
}

export interface PageWritten {
  title: string;
  /** For who finds the page by a search. */
  description: string;
  html: string;
  status: number;
  /** By address, what was asked and answered: the page needs it to be whole at once. */
  answers: Record<string, unknown>;
  /** Files of the application that the page begins with; `{language}` is the reader's. */
  parts: readonly string[];
}

/** What the built application gives the server: its public site's pages as text. */
export type WritePage = (asked: PageAsked) => Promise<PageWritten>;
