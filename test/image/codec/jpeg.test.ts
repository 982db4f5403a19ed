import { compressNtNdArray, decompressNtNdArray, reshapeNtNdArray, type NtNdArray } from 'pvaflow';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { dimensionsOf } from '../frames.js';
import { frameOf } from './settings.js';

const [NX, NY] = [50, 20];

/** A smooth image, which JPEG hardly changes: rows from dark to light, each colour at another level. */
const level = (x: number, y: number, color = 0) => 30 + 2 * x + y + 25 * color;

function grey(): NtNdArray {
  return frameOf(
    Uint8Array.from({ length: NX * NY }, (_, i) => level(i % NX, Math.floor(i / NX))),
    NX,
  );
}

/** The same in colours that lie in memory in one of areaDetector's orders. */
function colored(mode: 2 | 3 | 4): NtNdArray {
  const steps = { 2: [3, 3 * NX, 1], 3: [1, 3 * NX, NX], 4: [1, NX, NX * NY] }[mode];
  const [dx = 0, dy = 0, dc = 0] = steps;
  const pixels = new Uint8Array(3 * NX * NY);
  for (let y = 0; y < NY; y++)
    for (let x = 0; x < NX; x++) for (let c = 0; c < 3; c++) pixels[x * dx + y * dy + c * dc] = level(x, y, c);
  const sizes = { 2: [3, NX, NY], 3: [NX, 3, NY], 4: [NX, NY, 3] }[mode];
  return frameOf(pixels, NX)
    .set('dimension', dimensionsOf(sizes))
    .setAttribute('ColorMode', { type: 'int', value: mode });
}

test('a grey image comes back nearly as it was', async () => {
  const frame = await compressNtNdArray(grey(), { codec: 'jpeg', quality: 95 });
  expect(frame.header()).toMatchObject({ codec: 'jpeg', uncompressedSize: NX * NY, dimensions: [NX, NY] });
  expect(frame.codec.parameters).toBe(5);
  expect(frame.header().compressedSize).toBe(frame.header().elements);
  const { image, fieldKey } = reshapeNtNdArray(frame);
  expect([image.shape, fieldKey]).toEqual([[NY, NX], 'ubyteValue']);
  for (let x = 0; x < NX; x++) expect(Math.abs(Number(image.get(9, x)) - level(x, 9))).toBeLessThanOrEqual(4);
});

test.each([2, 3, 4] as const)('colours in mode %i come back as RGB1', async (mode) => {
  const frame = await compressNtNdArray(colored(mode), { codec: 'jpeg' });
  expect(frame.header()).toMatchObject({ codec: 'jpeg', uncompressedSize: 3 * NX * NY, colorMode: mode });
  const copy = frame.clone();
  for (const done of [await decompressNtNdArray(frame), copy]) {
    const { image, colorMode } = reshapeNtNdArray(done);
    expect([image.shape, colorMode]).toEqual([[NY, NX, 3], 2]);
    expect(done.header()).toMatchObject({
      codec: '',
      dimensions: [3, NX, NY],
      colorMode: 2,
      compressedSize: 3 * NX * NY,
    });
    for (let c = 0; c < 3; c++) expect(Math.abs(Number(image.get(9, 20, c)) - level(20, 9, c))).toBeLessThanOrEqual(8);
  }
});

test('signed bytes come back as unsigned ones, as areaDetector has it', async () => {
  const frame = frameOf(new Int8Array(64).fill(100), 8);
  expect(reshapeNtNdArray(await compressNtNdArray(frame, { codec: 'jpeg' })).fieldKey).toBe('ubyteValue');
});

test('more than 8 bits are refused', async () => {
  await expect(compressNtNdArray(frameOf(new Uint16Array(64), 8), { codec: 'jpeg' })).rejects.toMatchObject({
    code: 'PVAFLOW_CODEC_TYPE',
  });
});

describe('refused, at once and on another thread', () => {
  const raw = { raw: { width: NX, height: NY, channels: 3 as const } };
  const cases: [string, (frame: NtNdArray) => unknown, string][] = [
    ['another size', (f) => f.set('dimension', dimensionsOf([NX, NY + 1])).set('uncompressedSize', 0), '50 × 20 × 1, 1050 values'],
    ['sides that are swapped', (f) => f.set('dimension', dimensionsOf([NY, NX])), 'the frame says 20 × 50'],
    ['colours in a grey frame', async (f) => set(f, await sharp(Buffer.alloc(3 * NX * NY), raw).jpeg().toBuffer()), '50 × 20 × 3'],
    ['another format', async (f) => set(f, await sharp(Buffer.alloc(3 * NX * NY), raw).png().toBuffer()), 'does not begin as a JPEG does'],
    ['text', (f) => set(f, Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')), 'does not begin as a JPEG does'],
    ['a JPEG that ends early', (f) => set(f, (f.data as Uint8Array).slice(0, -30)), 'premature end'],
    ['its first bytes alone', (f) => set(f, (f.data as Uint8Array).slice(0, 2)), 'compressed with jpeg: '],
  ]; // prettier-ignore
  const set = (frame: NtNdArray, bytes: Uint8Array) =>
    frame.set('value.ubyteValue', bytes).set('compressedSize', bytes.length);

  test.each(cases)('%s', async (_, spoil, message) => {
    const frame = await compressNtNdArray(grey(), { codec: 'jpeg' });
    await spoil(frame);
    expect(() => reshapeNtNdArray(frame)).toThrow(message);
    await expect(decompressNtNdArray(frame)).rejects.toMatchObject({ reason: 'codec-data' });
    expect(frame.header().codec).toBe('jpeg');
  });
});
