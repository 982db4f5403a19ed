import { plural } from '../../core/figures.js';
import { messageOf } from '../../core/errors.js';
import type { Problem } from '../../core/schema/problem.js';

/** What something that is made of the settings would refuse itself. */
export function contradictions(make: () => unknown): Problem[] {
  try {
    make();
    return [];
  } catch (error) {
    return [{ path: [], message: messageOf(error) }];
  }
}

/** `no processor`, `1 processor`, `2 processors`. */
export function counted(number: number, what: string): string {
  return number === 0 ? `no ${what}` : `${number} ${plural(number, what)}`;
}
