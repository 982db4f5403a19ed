import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import { is64Bit } from '../pixel-range.js';
import { specialized } from './specialized.js';

/** `(source - dark) * gain`, pixel by pixel, in double precision; 64-bit integers beyond 2^53 are rounded. */
export function correctPixels(source: PixelArray, target: NumberArray, dark: NumberArray, gain: NumberArray): void {
  if (is64Bit(source)) correctLong(source, target, dark, gain);
  else correctNumbers(source, target, dark, gain);
}

/** Four in each turn: once in a turn V8 looks whether the arrays have been given back, which takes as long as the arithmetic. */
const correctNumbers = specialized(
  (source: NumberArray, target: NumberArray, dark: NumberArray, gain: NumberArray): void => {
    const size = target.length;
    let i = 0;
    for (; i < size - 3; i += 4) {
      target[i] = ((source[i] as number) - (dark[i] as number)) * (gain[i] as number);
      target[i + 1] = ((source[i + 1] as number) - (dark[i + 1] as number)) * (gain[i + 1] as number);
      target[i + 2] = ((source[i + 2] as number) - (dark[i + 2] as number)) * (gain[i + 2] as number);
      target[i + 3] = ((source[i + 3] as number) - (dark[i + 3] as number)) * (gain[i + 3] as number);
    }
    for (; i < size; i++) target[i] = ((source[i] as number) - (dark[i] as number)) * (gain[i] as number);
  },
);

const correctLong = specialized(
  (source: BigInt64Array | BigUint64Array, target: NumberArray, dark: NumberArray, gain: NumberArray): void => {
    for (let i = 0; i < target.length; i++) {
      target[i] = (Number(source[i]) - (dark[i] as number)) * (gain[i] as number);
    }
  },
);
