import type { ErrorCode, FieldErrorCode, SentenceValues } from '@preau/contracts/error-codes';

/** What is wrong with one field: a dotted path, a code, and what fills the code's sentence. */
export interface FieldProblem {
  path: string;
  code: FieldErrorCode;
  values?: SentenceValues;
}

export interface AppErrorOptions {
  /** Fills the placeholders of the sentence. */
  details?: SentenceValues;
  /** Members added to the problem document. */
  extensions?: Readonly<Record<string, unknown>>;
  errors?: readonly FieldProblem[];
  headers?: Readonly<Record<string, string>>;
  cause?: unknown;
}

/** The one error of the application. Status and sentences live in the table of codes. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly options: AppErrorOptions;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    super(code, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.options = options;
  }
}

/** An `invalid_input` about one field. */
export function fieldError(path: string, code: FieldErrorCode, values?: SentenceValues): AppError {
  return new AppError('invalid_input', { errors: [{ path, code, ...(values ? { values } : {}) }] });
}
