import { AppError } from './app-error.ts';

/** What a person is told of a form, or of a file of one, that could not be read to its end. Other errors stay what they are. */
export function formFailure(error: unknown, mostFiles = 1): unknown {
  if (error instanceof AppError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (code === 'FST_FILES_LIMIT')
    return new AppError('invalid_input', {
      errors: [{ path: 'file', code: 'maximum', values: { limit: mostFiles } }],
    });
  const cut =
    /^FST_(MP|REQ|FIELDS|PARTS|PROTO|INVALID|FILE)/.test(code) ||
    code === 'ERR_STREAM_PREMATURE_CLOSE' ||
    code === 'ECONNRESET' ||
    /terminated early|end of multipart|malformed part|multipart/i.test(message);
  return cut ? new AppError('upload_cut', { cause: error }) : error;
}
