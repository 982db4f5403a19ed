import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ndarray from 'ndarray';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { encodePng, type PngOptions } from '../../../src/cli/picture/png.js';
import type { ImageView } from '../../../src/cli/picture/image-view.js';
import { pillowFolder } from '../../peers/install.js';

const reader = `
import json, sys
from PIL import Image
image = Image.open(sys.argv[1])
pixels = image.get_flattened_data() if hasattr(image, 'get_flattened_data') else image.getdata()
print(json.dumps({'mode': image.mode, 'size': image.size, 'text': image.text, 'pixels': list(pixels)}))
`;

const folder = mkdtempSync(join(tmpdir(), 'pvaflow-png-'));
let pillow = '';
beforeAll(() => void (pillow = pillowFolder()));
afterAll(() => rmSync(folder, { recursive: true }));

/** What Pillow finds in a PNG file. */
function readBack(bytes: Uint8Array): unknown {
  const file = join(folder, 'image.png');
  writeFileSync(file, bytes);
  return JSON.parse(
    execFileSync('python3', ['-c', reader, file], { encoding: 'utf8', env: { ...process.env, PYTHONPATH: pillow } }),
  );
}

const auto: PngOptions = { values: 'auto', scaling: 'minmax', depth: 16, colorMap: 'grey' };
const png = (image: ImageView, options: Partial<PngOptions> = {}) => encodePng(image, { ...auto, ...options });

describe('encodePng, read by Pillow', () => {
  test('keeps uint8 as it is', () => {
    const file = png(ndarray(Uint8Array.of(0, 1, 2, 253, 254, 255), [2, 3]), { text: { channel: 'X:image' } });
    expect(file).toMatchObject({ depth: 8, channels: 1 });
    expect(file.range).toBeUndefined();
    expect(readBack(file.bytes)).toEqual({
      mode: 'L',
      size: [3, 2],
      text: { channel: 'X:image' },
      pixels: [0, 1, 2, 253, 254, 255],
    });
  });

  test('keeps uint16 as it is', () => {
    const file = png(ndarray(Uint16Array.of(0, 256, 4095, 65535), [2, 2]));
    expect(readBack(file.bytes)).toMatchObject({ mode: 'I;16', size: [2, 2], pixels: [0, 256, 4095, 65535] });
  });

  test('keeps the colours of an image whose planes lie apart', () => {
    const planes = ndarray(Uint8Array.of(1, 2, 3, 4, 5, 6), [3, 1, 2]).transpose(1, 2, 0);
    expect(readBack(png(planes).bytes)).toMatchObject({
      mode: 'RGB',
      size: [2, 1],
      pixels: [
        [1, 3, 5],
        [2, 4, 6],
      ],
    });
  });

  test('stretches floats over 16 bits and states the range', () => {
    const file = png(ndarray(Float32Array.of(-1, 0, 1, NaN), [2, 2]));
    expect(file.range).toEqual({ low: -1, high: 1 });
    expect(readBack(file.bytes)).toEqual({
      mode: 'I;16',
      size: [2, 2],
      text: { range: '-1 1' },
      pixels: [0, 32768, 65535, 0],
    });
  });

  test('stretches a given range over 8 bits and clips what is outside', () => {
    const file = png(ndarray(Uint16Array.of(0, 100, 180, 1000), [2, 2]), {
      values: 'scaled',
      depth: 8,
      scaling: { low: 100, high: 300 },
    });
    expect(readBack(file.bytes)).toMatchObject({ mode: 'L', text: { range: '100 300' }, pixels: [0, 0, 102, 255] });
  });

  test('stretches through a colour map', () => {
    const file = png(ndarray(Int16Array.of(-5, 5), [1, 2]), { colorMap: 'viridis' });
    expect(readBack(file.bytes)).toMatchObject({
      mode: 'RGB',
      pixels: [
        [68, 1, 84],
        [253, 231, 37],
      ],
    });
  });

  test('takes 64-bit pixels', () => {
    const file = png(ndarray(BigUint64Array.of(0n, 10n), [1, 2]), { depth: 8 });
    expect(readBack(file.bytes)).toMatchObject({ mode: 'L', text: { range: '0 10' }, pixels: [0, 255] });
  });

  test('refuses to keep values that no PNG holds', () => {
    expect(() => png(ndarray(Float64Array.of(1), [1, 1]), { values: 'raw' })).toThrow(
      /uint8 and uint16 as they are; this image is Float64Array/,
    );
  });
});
