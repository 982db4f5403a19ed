// npm run bench -- --topic images: MB/s of each image processor beside NumPy for the same operation, on one thread each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import ndarray from 'ndarray';
import { generateNtNdArray2D, loadProcessor, startProcessor, type UserDataProcessor } from 'pvaflow';
import { bytesOf } from '../src/image/files/file-pixels.js';
import { npyHeader } from '../src/image/files/npy-header.js';
import { pixelFormatNamed } from '../src/pva/normative/pixel-types.js';
import { pythonWithPeers } from '../test/peers/install.js';
import type { ImageRow } from './images/row.js';
import { shapeRows } from './images/shape-rows.js';
import { valueRows } from './images/value-rows.js';
import { median } from './results.js';
import { aligned } from './table.js';

const SIDE = 1024;
/** Until loops are compiled: a stream goes on for hours. */
const WARM_UP_MS = 200;
/** As many frames as a stream may bring at once: what they leave behind is cleared away between. */
const FRAMES_PER_TURN = 16;
const NOISE_BYTES = 65_537;

/** A row for one type of pixels. */
interface Line {
  readonly row: ImageRow;
  readonly dtype: string;
}

const lines: readonly Line[] = [...shapeRows, ...valueRows].flatMap((row) =>
  (row.dtypes ?? ['uint16']).map((dtype) => ({ row, dtype })),
);

/** The same each time, and for both sides. */
function noise(): Uint8Array {
  let state = 1;
  return Uint8Array.from({ length: NOISE_BYTES }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  });
}

function imageOf({ row, dtype }: Line, bytes: Uint8Array) {
  const format = pixelFormatNamed(dtype);
  if (format === undefined) throw new Error(`no type ${dtype}`);
  const shape = row.isColor === true ? [SIDE, SIDE, 3] : [SIDE, SIDE];
  const data = new format.arrayType(shape.reduce((a, b) => a * b));
  const isBig = data instanceof BigInt64Array || data instanceof BigUint64Array;
  for (let i = 0; i < data.length; i++) {
    const value = bytes[i % NOISE_BYTES] as number;
    data[i] = isBig ? BigInt(value) : value;
  }
  return ndarray(data as Uint8Array, shape);
}

/** The configuration, with the files that it names. */
function configOf({ config, files = {} }: ImageRow, folder: string): Record<string, unknown> {
  const named = Object.entries(files).map(([key, value]) => {
    const file = join(folder, `${key}.npy`);
    const pixels = new Float32Array(SIDE * SIDE).fill(value);
    writeFileSync(file, Buffer.concat([npyHeader('float32', [SIDE, SIDE]), bytesOf(pixels)]));
    return [key, file];
  });
  return { ...config, ...(Object.fromEntries(named) as Record<string, string>) };
}

async function started(row: ImageRow, folder: string): Promise<UserDataProcessor> {
  const { className } = row;
  const config = configOf(row, folder);
  const processor = await loadProcessor({ className, args: config });
  const context = {
    processorId: 1,
    inputChannel: 'bench:in',
    outputChannel: '',
    objectIdField: 'uniqueId',
    pvaServer: undefined,
    metadataQueueMap: new Map<never, never>(),
    host: { updateOutputChannel: () => {} },
  };
  await startProcessor(processor, context, config);
  return processor;
}

/**
 * A frame is made, processed and given back before the next, as in a stream that is not behind: what comes in was written just before,
 * as NumPy's image is. What `process` does for one is timed, which includes to read what the frame says about its pixels, memory for
 * the result, and what the result says.
 */
async function ours(line: Line, bytes: Uint8Array, seconds: number, folder: string): Promise<number> {
  const processor = await started(line.row, folder);
  const image = imageOf(line, bytes);
  let [elapsed, done, warming] = [0, 0, 0];
  for (let id = 0; elapsed < seconds * 1000; id++) {
    const frame = generateNtNdArray2D(id, image);
    const start = performance.now();
    await processor.process(frame);
    const took = performance.now() - start;
    frame.release();
    if (id % FRAMES_PER_TURN === 0) await turn();
    if (warming < WARM_UP_MS) {
      warming += took;
      continue;
    }
    elapsed += took;
    done += image.data.byteLength;
  }
  return done / elapsed / 1e3;
}

function numpy(file: string, seconds: number): number[] {
  const script = fileURLToPath(new URL('python/images.py', import.meta.url));
  const rows = lines.map(({ row: { isColor = false, numpy, numpySetup = '' }, dtype }) => {
    return { dtype, isColor, numpy, numpySetup };
  });
  const { stdout, stderr, status } = spawnSync(
    pythonWithPeers(),
    [script, file, String(SIDE), String(seconds), JSON.stringify(rows)],
    { encoding: 'utf8', env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' } },
  );
  if (status !== 0) throw new Error(`NumPy ended with code ${status}: ${stderr}`);
  return JSON.parse(stdout) as number[];
}

const whole = (number: number) => Math.round(number).toLocaleString('en');

/** Prints the rates of all image processors. */
export async function benchImages(repetitions: number): Promise<void> {
  const seconds = repetitions === 1 ? 0.15 : 0.3;
  const bytes = noise();
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-bench-'));
  const own: number[][] = lines.map(() => []);
  const peers: number[][] = lines.map(() => []);
  try {
    const file = join(folder, 'noise');
    writeFileSync(file, bytes);
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [at, line] of lines.entries()) own[at]?.push(await ours(line, bytes, seconds, folder));
      for (const [at, rate] of numpy(file, seconds).entries()) peers[at]?.push(rate);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rows = lines.map(({ row, dtype }, at) => {
    const [mine, theirs] = [own[at], peers[at]].map((rates) => median(rates ?? [])) as [number, number];
    return [row.name, dtype, whole(mine), whole(theirs), (mine / theirs).toFixed(2)];
  });
  process.stdout.write(
    `${cpus()[0]?.model ?? 'CPU'}; ${SIDE} × ${SIDE} pixels, MB/s of what goes in on one thread, median of ${repetitions}\n\n`,
  );
  process.stdout.write(`${aligned([['', 'type', 'pvaflow', 'NumPy', 'x'], ...rows])}\n`);
}
