import { InvalidArgumentError } from 'commander';
import { nearestName } from '../core/nearest-name.js';
import { messageOf } from '../core/errors.js';
import { MAX_SECONDS, parseBytes } from '../core/units.js';

/** Readers of option values; each says what it wanted when it does not get it. */

export function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text.trim()) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError('It must be a whole number.');
  return value;
}

export const positiveWholeNumber = numberOption(1, true);

export function anyNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new InvalidArgumentError('It must be a number.');
  return value;
}

/** A parser for options whose value is a number, from `min` on. */
export function numberOption(min: number, whole = false): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? NaN : Number(text);
    const what = whole ? 'a whole number' : 'a number';
    if (!Number.isFinite(value) || (whole && !Number.isInteger(value)) || value < min) {
      throw new InvalidArgumentError(`It must be ${what} of ${min} or more.`);
    }
    return value;
  };
}

/** A time in seconds, as far as a timer can wait; 0 or less is up to the option. */
export function seconds(text: string): number {
  const value = anyNumber(text);
  if (value > MAX_SECONDS) throw new InvalidArgumentError(`It must be at most ${MAX_SECONDS} seconds (24 days).`);
  return value;
}

/** A time in seconds that may be 0. */
export function secondsFromZero(text: string): number {
  const value = seconds(text);
  if (value < 0) throw new InvalidArgumentError('It must be 0 or more.');
  return value;
}

/** The id of a consumer travels as an unsigned integer of 32 bits. */
const MAX_ID = 2 ** 32 - 1;

export function consumerId(text: string): number {
  const value = wholeNumber(text);
  if (value < 0 || value > MAX_ID) throw new InvalidArgumentError(`It must be from 0 to ${MAX_ID}.`);
  return value;
}

/** `2GiB`, `512MiB`, `64kB` or plain bytes. */
export function byteCount(text: string): number {
  const value = parseBytes(text);
  if (value === undefined) throw new InvalidArgumentError('It must be a number of bytes, such as 512MiB.');
  return value;
}

/** One of `choices`; names the nearest when it is none. */
export function oneOf<T extends string>(choices: readonly T[]): (text: string) => T {
  return (text) => {
    const found = choices.find((choice) => choice === text);
    if (found !== undefined) return found;
    const nearest = nearestName(text, choices);
    throw new InvalidArgumentError(
      nearest === undefined ? `It must be ${choices.join(', ')}.` : `Did you mean ${nearest}?`,
    );
  };
}

/** Options whose values are JSON objects, such as the arguments of a processor. */
export function jsonObject(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(
      `It is not valid JSON: ${messageOf(error)}. Write it as '{"level": 120}', quotes included.`,
    );
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new InvalidArgumentError('It must be a JSON object, such as {"level":120}.');
}
