import { describe, expect, it } from 'vitest';
import { Pattern, patternNames, pixelTypes, type PixelType } from '../../../src/hpc/sim-server/pattern.js';

const types = Object.keys(pixelTypes) as PixelType[];

describe.each(patternNames)('%s', (pattern) => {
  it.each(types)('fills frames of %s within their range', (type) => {
    const frames = new Pattern({ pattern, type, colorMode: 0, nx: 20, ny: 10, minimum: 3, maximum: 90 });
    const values = Array.from(frames.draw(1) as Iterable<number | bigint>, Number);
    expect(values).toHaveLength(200);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...values)).toBeLessThanOrEqual(90);
    expect(new Set(values).size).toBeGreaterThan(5);
  });

  it.each([2, 3, 4] as const)('has three colours in mode %d', (colorMode) => {
    const frames = new Pattern({ pattern, type: 'uint16', colorMode, nx: 8, ny: 6 });
    expect(frames.draw(0)).toHaveLength(8 * 6 * 3);
  });

  it('changes from frame to frame', () => {
    const frames = new Pattern({ pattern, type: 'uint8', colorMode: 0, nx: 32, ny: 32 });
    expect(frames.draw(1)).not.toEqual(frames.draw(2));
  });
});

it('lays colours out as their mode says', () => {
  const options = { pattern: 'gradient', type: 'uint8', nx: 4, ny: 3, minimum: 0, maximum: 6 } as const;
  const draw = (colorMode: 0 | 2 | 3 | 4) => [...new Pattern({ ...options, colorMode }).draw(0)].map(Number);
  const byPlane = draw(4);
  const at = (x: number, y: number, c: number) => byPlane[x + 4 * (y + 3 * c)];
  expect(byPlane.slice(0, 12)).toEqual(draw(0));
  for (let c = 0; c < 3; c++) {
    for (let y = 0; y < 3; y++) {
      for (let x = 0; x < 4; x++) {
        expect(draw(2)[c + 3 * (x + 4 * y)]).toBe(at(x, y, c));
        expect(draw(3)[x + 4 * (c + 3 * y)]).toBe(at(x, y, c));
      }
    }
  }
});

it('refuses a range that is none', () => {
  const options = { pattern: 'random', type: 'uint8', colorMode: 0, nx: 4, ny: 4 } as const;
  expect(() => new Pattern({ ...options, minimum: 9, maximum: 3 })).toThrow(
    'the minimum 9 is larger than the maximum 3',
  );
});
