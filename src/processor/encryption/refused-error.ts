import { PvaflowError, type ErrorCode } from '../../core/errors.js';

/** Why a record is not decrypted. A name keeps its meaning for ever: it is the label of counters. */
export const REFUSALS = [
  /** It is not what docs/reference/encryption-format.md describes, or of another version. */
  'format',
  /** It is for another key than those there are, or its key was changed on the way. */
  'key',
  /** It is not signed, or not by one of the signers that are known. */
  'signature',
  /** Its contents, its id or its place in the stream were changed. */
  'tampered',
  /** It came before. */
  'replayed',
  /** It comes later than one that was encrypted after it. */
  'reordered',
  /** Its key was made too long ago, or it belongs to a stream that another has taken the place of. */
  'stale',
  /** What was encrypted is no value, or not one of the kind that is wanted. */
  'content',
] as const;

export type Refusal = (typeof REFUSALS)[number];

/** A record that is not decrypted. `code` is PVAFLOW_DECRYPT_ and the reason in capitals. It tells nothing of the contents. */
export class RefusedError extends PvaflowError {
  constructor(
    /** For counters. */
    readonly reason: Refusal,
    message: string,
  ) {
    super(`PVAFLOW_DECRYPT_${reason.toUpperCase()}` satisfies ErrorCode, message);
  }
}
