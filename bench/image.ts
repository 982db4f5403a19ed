// CPU time of the image functions for one frame: node --import tsx bench/image.ts
import ndarray from 'ndarray';
import { generateNtNdArray2D, replaceNtNdArrayImage2D, reshapeNtNdArray } from 'pvaflow';

const CALLS = 20_000;

function cpuMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** The best of a few runs: other programs on the machine only ever make it longer. */
function measure(call: () => unknown): number {
  let best = Infinity;
  for (let run = 0; run < 5; run++) {
    const start = cpuMicroseconds();
    for (let i = 0; i < CALLS; i++) call();
    best = Math.min(best, (cpuMicroseconds() - start) / CALLS);
  }
  return best;
}

const image = ndarray(new Uint16Array(512 * 512), [512, 512]);
const frame = generateNtNdArray2D(1, image);
const own = reshapeNtNdArray(frame).image;
const attributes = Array.from({ length: 20 }, (_, i) => ({ name: `Attribute${i}`, value: i }));
const described = frame
  .clone()
  .set('attribute', [...attributes, { name: 'ColorMode', value: { type: 'int', value: 0 } }]);
const small = ndarray(new Uint8Array(64 * 64), [64, 64]);

console.table({
  'header()': { 'µs CPU': measure(() => frame.header()) },
  'reshapeNtNdArray, 512² uint16': { 'µs CPU': measure(() => reshapeNtNdArray(frame)) },
  'reshapeNtNdArray, 21 attributes': { 'µs CPU': measure(() => reshapeNtNdArray(described)) },
  'replaceNtNdArrayImage2D in place': { 'µs CPU': measure(() => replaceNtNdArrayImage2D(frame, 2, own)) },
  'generateNtNdArray2D, 64² uint8': { 'µs CPU': measure(() => generateNtNdArray2D(1, small)) },
});
