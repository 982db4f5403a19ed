import { messageOf, PvaflowError } from '../core/errors.js';
import type { SentError } from './messages.js';

/** An error as data, told in one line. */
export function sendableError(error: unknown): SentError {
  const code = error instanceof PvaflowError ? error.code : 'PVAFLOW_CHILD';
  return { code, message: messageOf(error) };
}

export function receivedError({ code, message }: SentError): PvaflowError {
  return new PvaflowError(code, message);
}
