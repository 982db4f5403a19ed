import { grouped } from '../../core/figures.js';

/** A pixel value: whole numbers whole, others with five digits. */
export function pixelText(value: number): string {
  return Number.isInteger(value) ? grouped(value) : String(Number(value.toPrecision(5)));
}
