/** What is measured: a processor on images, and what NumPy's users write for the same. */
export interface ImageRow {
  readonly name: string;
  /** Class of the processor, and its configuration. */
  readonly className: string;
  readonly config?: Readonly<Record<string, unknown>>;
  /** Keys of the configuration that name files: each gets one with an image of float32 that is this value everywhere. */
  readonly files?: Readonly<Record<string, number>>;
  /** Each makes a line of the table; `uint16` alone unless said. */
  readonly dtypes?: readonly string[];
  /** Images of shape (side, side, 3) in RGB1 instead of (side, side). */
  readonly isColor?: boolean;
  /** Python: the expression that is timed. `a` is the image, `np` NumPy; it must make a new image, or change `a`. */
  readonly numpy: string;
  /** Python: statements that are run once before; they see `a` and `np`. */
  readonly numpySetup?: string;
}
