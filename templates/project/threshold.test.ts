import assert from 'node:assert/strict';
import { test } from 'node:test';
import { generateNtNdArray2D } from 'pvaflow';
import Threshold from './threshold.js';

/** A frame with one row of pixels. */
function frameOf(...pixels: number[]) {
  return generateNtNdArray2D(1, {
    data: Uint16Array.from(pixels),
    shape: [1, pixels.length],
    stride: [pixels.length, 1],
    offset: 0,
  });
}

test('pixels below the level become 0', () => {
  const processor = new Threshold();
  processor.configure({ level: 120 });
  const frame = processor.process(frameOf(100, 119, 120, 500));
  assert.deepEqual([...processor.reshapeNtNdArray(frame).image.data], [0, 0, 120, 500]);
});

test('pixels above it are counted', () => {
  const processor = new Threshold();
  processor.process(frameOf(99, 100, 101));
  assert.deepEqual(processor.getStats(), { nAbove: 2 });
  processor.resetStats();
  assert.deepEqual(processor.getStats(), { nAbove: 0 });
});
