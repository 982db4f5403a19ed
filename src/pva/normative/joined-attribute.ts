import type { PvObject } from '../pv-object.js';

/** An attribute of a frame that is made of another value. */
export interface JoinedAttribute {
  readonly name: string;
  /** Its field `value` becomes the attribute's value, with its type; its time stamp and alarm those of the attribute. */
  readonly of: PvObject;
  /** The attribute's value, as a double, in the place of the field; its time is then that of the frame. */
  readonly number?: number | undefined;
  /** By default what `of` says in `descriptor` or `display.description`. */
  readonly descriptor?: string | undefined;
  readonly source?: string | undefined;
  readonly tags?: readonly string[] | undefined;
}
