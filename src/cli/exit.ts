import { CommanderError } from 'commander';
import { messageOf, PvaflowError, type ErrorCode } from '../core/errors.js';

/** What `pvaflow` returns to the shell. */
export const exitCodes = {
  ok: 0,
  /** The operation was tried and failed: refused by the server, a fault in a processor, a file that cannot be read. */
  failed: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** Nobody answered in time: the channel is not served, or its server is out of reach. */
  noAnswer: 3,
  /** Frames were lost, and the user wanted that to count. */
  lost: 4,
} as const;

const usageCodes: ReadonlySet<ErrorCode> = new Set([
  'PVAFLOW_USAGE',
  'PVAFLOW_ID_LIST',
  'PVAFLOW_ID_FORMAT',
  'PVAFLOW_CHANNEL_MAP',
]);

const noAnswerCodes: ReadonlySet<ErrorCode> = new Set(['PVAFLOW_TIMEOUT', 'PVAFLOW_DISCONNECTED']);

/** A wrong command line, found after the options were parsed. */
export function usageError(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_USAGE', message);
}

export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (!(error instanceof PvaflowError)) return exitCodes.failed;
  if (usageCodes.has(error.code)) return exitCodes.usage;
  return noAnswerCodes.has(error.code) ? exitCodes.noAnswer : exitCodes.failed;
}

/** What to do about a fault, with the commands that there are, of which the library that tells of it knows nothing. */
function advice({ code, message }: PvaflowError): string {
  if (code === 'PVAFLOW_TIMEOUT' && message.includes('no server answered'))
    return '. Check the name; pvaflow list shows what is served.';
  if (code === 'PVAFLOW_REMOTE' && message.endsWith('must select at least one field'))
    return ': the channel has none of these fields; pvaflow info shows those that it has';
  return '';
}

/** One line for an expected fault; an unexpected one is a defect, and its report needs the stack. */
export function describeError(error: unknown): string {
  if (error instanceof PvaflowError) return `error ${error.code}: ${error.message}${advice(error)}`;
  const detail = error instanceof Error && error.stack ? error.stack : messageOf(error);
  return `error PVAFLOW_INTERNAL: ${detail}`;
}

/** Writes `error` to stderr and makes the process end with its code, once what is under way has ended. */
export function reportError(error: unknown): void {
  if (!(error instanceof CommanderError)) process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = exitCodeOf(error);
}
