import { grouped } from '../../core/figures.js';

/** Figures as the lines of a live screen show them. */

/** Something at the left and something at the right end of a line. */
export function spread(left: string, right: string, columns: number): string {
  return `${left}${' '.repeat(Math.max(2, columns - left.length - right.length))}${right}`;
}

export function count(value: number): string {
  return grouped(value).padEnd(9);
}

export function perSecond(value: number): string {
  return `${grouped(value, 1)} fps`;
}

export function ms(value: number | undefined): string {
  return `${(value ?? 0).toFixed(2)} ms`;
}

export function subscribersText(subscribers: number): string {
  return `${subscribers} subscriber${subscribers === 1 ? '' : 's'}`;
}
