import { nearestName } from '../../core/nearest-name.js';
import { PvaflowError } from '../../core/errors.js';

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION */
export function checkWhole(name: string, value: unknown, min: number, max: number): void {
  if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return;
  const range = max === Infinity ? `from ${min} on` : `from ${min} to ${max}`;
  refuse(name, `a whole number ${range}`, value);
}

/** @throws {PvaflowError} PVAFLOW_IMAGE_OPTION */
export function checkChoice(name: string, value: unknown, choices: readonly string[]): void {
  if (choices.includes(value as string)) return;
  const nearest = typeof value === 'string' ? nearestName(value, choices) : undefined;
  refuse(name, `one of ${choices.join(', ')}`, value, nearest === undefined ? '' : `. Did you mean "${nearest}"?`);
}

function refuse(name: string, expected: string, found: unknown, hint = ''): never {
  throw new PvaflowError('PVAFLOW_IMAGE_OPTION', `${name} must be ${expected}, found ${JSON.stringify(found)}${hint}`);
}
