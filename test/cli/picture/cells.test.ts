import { describe, expect, test } from 'vitest';
import { cellLines, paletteIndex } from '../../../src/cli/picture/cells.js';

const image = {
  width: 2,
  height: 3,
  data: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 255, 255, 255, 255, 255, 255),
};

describe('cellLines', () => {
  test('shows two rows of pixels in one line, the upper in front of the lower', () => {
    const [first] = cellLines(image, 'truecolor');
    expect(first).toBe('\x1b[38;2;1;2;3;48;2;7;8;9m▀\x1b[38;2;4;5;6;48;2;10;11;12m▀\x1b[0m');
  });

  test('leaves the lower half of an odd last row to the terminal and names equal colours once', () => {
    const lines = cellLines(image, 'truecolor');
    expect(lines).toHaveLength(2);
    expect(lines[1]).toBe('\x1b[38;2;255;255;255;49m▀▀\x1b[0m');
  });

  test('uses the palette of 256 colours', () => {
    expect(cellLines(image, '256')[1]).toBe('\x1b[38;5;231;49m▀▀\x1b[0m');
  });

  test('uses characters of growing weight where there is no colour', () => {
    expect(cellLines(image, 'none')).toEqual(['  ', '@@']);
  });
});

describe('paletteIndex', () => {
  test.each([
    [[0, 0, 0], 16],
    [[255, 255, 255], 231],
    [[8, 8, 8], 232],
    [[128, 128, 128], 244],
    [[238, 238, 238], 255],
    [[255, 0, 0], 196],
    [[0, 255, 0], 46],
    [[0, 0, 255], 21],
    [[95, 135, 175], 67],
  ] as const)('%j is %i', ([red, green, blue], index) => {
    expect(paletteIndex(red, green, blue)).toBe(index);
  });
});
