/** What went wrong, as a name that scripts can rely on. A code keeps its meaning for ever. */
export type ErrorCode = `PVAFLOW_${string}`;

/**
 * The one error class. Its message names the channel, file or field, what was expected, what was found, and what to do;
 * `cause` is the error underneath, if there is one.
 */
export class PvaflowError extends Error {
  override readonly name = 'PvaflowError';

  constructor(
    readonly code: ErrorCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The text of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
