import { InvalidArgumentError } from 'commander';

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
