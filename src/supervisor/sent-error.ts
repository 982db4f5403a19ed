import { messageOf, PvaflowError } from '../core/errors.js';
import type { SentError } from './messages.js';

/** An error as data. What is no PvaflowError is a defect or a user's, and its stack is part of the message. */
export function sendableError(error: unknown): SentError {
  if (error instanceof PvaflowError) return { code: error.code, message: error.message };
  const message = error instanceof Error && error.stack ? error.stack : messageOf(error);
  return { code: 'PVAFLOW_CHILD', message };
}

export function receivedError({ code, message }: SentError): PvaflowError {
  return new PvaflowError(code, message);
}
