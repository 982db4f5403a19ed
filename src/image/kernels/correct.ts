import type { NumberArray, PixelArray } from '../../pva/normative/pixel-types.js';
import { specialized } from './specialized.js';

/** `(source - dark) * gain`, pixel by pixel, in double precision; 64-bit integers beyond 2^53 are rounded. */
export const correctPixels = specialized(
  (source: PixelArray, target: NumberArray, dark: NumberArray, gain: NumberArray): void => {
    for (let i = 0; i < target.length; i++) {
      target[i] = (Number(source[i]) - (dark[i] as number)) * (gain[i] as number);
    }
  },
);
