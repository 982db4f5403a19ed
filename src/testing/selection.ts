import { PvaflowError } from '../core/errors.js';
import { SeededRandom } from '../core/seeded-random.js';

/** Which frames of a stream something happens to: those with these ids, or any, each with the same probability. */
export type Selection =
  | { readonly ids: readonly number[] }
  | {
      /** From 0, none, to 1, all. */
      readonly rate: number;
      /** The same frames are chosen for the same seed; 1 if it is not given. */
      readonly seed?: number | undefined;
    };

/** One frame of a stream, named in the place of a selection: the one behind so many others. */
export interface After {
  readonly after: number;
}

/** Tells of one frame after the other whether it is chosen. */
export type Choose = (id: number) => boolean;

/**
 * For one pass over a stream.
 *
 * @throws {PvaflowError} PVAFLOW_OPTION when it says neither, or a rate that is none
 */
export function chooser(selection: Selection | After): Choose {
  if ('ids' in selection) {
    const ids = new Set(selection.ids);
    return (id) => ids.has(id);
  }
  if ('after' in selection) {
    let left = wholeNumber('after', selection.after);
    return () => left-- === 0;
  }
  const { rate, seed = 1 } = selection;
  if (!(rate >= 0 && rate <= 1)) throw badOption(`rate must be a number from 0 to 1, found ${rate}`);
  const random = new SeededRandom(seed);
  return () => random.next() < rate;
}

/** @throws {PvaflowError} PVAFLOW_OPTION */
export function wholeNumber(name: string, value: number, least = 0): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw badOption(`${name} must be a whole number of at least ${least}, found ${value}`);
}

export function badOption(message: string): PvaflowError {
  return new PvaflowError('PVAFLOW_OPTION', `frames: ${message}`);
}
