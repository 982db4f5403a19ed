import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';

/** Frames that are to be published now, without ids and times. They are copied before they are changed. */
export interface SuppliedFrames {
  readonly frames: readonly NtNdArray[];
  /** Bytes of their data. */
  readonly bytes: number;
  /** They, and the frame that was supplied before them, are the same in all but pixels. */
  readonly isUniform: boolean;
}

/** Where the frames of the simulator come from. */
export interface FrameSupply {
  /** Makes or reads what is kept, and what is needed first. Called once, before all else. */
  prepare(): Promise<void>;
  /** How many frames can be taken at once; 0: none is there yet, or it is over. */
  readonly available: number;
  /** No frame comes any more. */
  readonly isOver: boolean;
  /** The frames that come next, `most` at most. What was taken before is not needed any more. */
  take(most: number): SuppliedFrames;
  /**
   * Resolves when frames can be taken again, or it is over.
   *
   * @throws {PvaflowError} when the run must end
   */
  more(): Promise<void>;
  /** `10 different frames of 16 × 8 uint8 (128 bytes)`, when it is prepared. */
  describe(): string;
  /** What was left out: files that could not be read, and others. */
  readonly skipped: { readonly files: number };
  close(): Promise<void>;
}
