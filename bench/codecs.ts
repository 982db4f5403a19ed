// npm run bench -- --topic codecs: MB/s of each codec beside the package of Python for the same pixels, on one thread each.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { compressNtNdArray } from '../src/image/codec/compress.js';
import { bloscCompressors, bloscShuffles, type CompressOptions } from '../src/image/codec/compress-options.js';
import { decompressNtNdArraySync } from '../src/image/codec/decompress.js';
import { generateNtNdArray2D } from '../src/image/generate.js';
import { codecsFolder, pythonWithPeers } from '../test/peers/install.js';
import { median } from './results.js';
import { aligned } from './table.js';

const SIDE = 1024;
const ROUNDS = 10;

const SETTINGS: readonly CompressOptions[] = [
  { codec: 'zlib', level: 1 },
  { codec: 'lz4' },
  { codec: 'lz4hdf5' },
  { codec: 'bslz4' },
  ...bloscCompressors.flatMap((compressor) =>
    bloscShuffles.slice(1).map((shuffle) => ({ codec: 'blosc', compressor, shuffle }) as const),
  ),
];

interface Rates {
  /** MB/s of pixels. */
  readonly encode: number;
  readonly decode: number;
  /** Of the compressed frame. */
  readonly bytes: number;
}

/** A detector's image of 16 bits: counts of a weak background, and a bright spot. The same each time. */
function detectorImage(): Uint16Array {
  let state = 1;
  const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  const counts = (mean: number) => {
    const noise = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * noise));
  };
  const [x0, y0, width] = [0.6 * SIDE, 0.4 * SIDE, 0.03 * SIDE];
  return Uint16Array.from({ length: SIDE * SIDE }, (_, i) => {
    const distance = ((i % SIDE) - x0) ** 2 + (Math.floor(i / SIDE) - y0) ** 2;
    return counts(20 + 30_000 * Math.exp(-distance / (2 * width * width)));
  });
}

/** One frame after another as a processor has it: made, encoded on a thread of the pool, decoded at once, given back. */
async function ours(data: Uint16Array, settings: CompressOptions): Promise<Rates> {
  const image = { data, shape: [SIDE, SIDE], stride: [SIDE, 1], offset: 0 };
  let [encoding, decoding, bytes] = [0, 0, 0];
  for (let id = 0; id < ROUNDS; id++) {
    const frame = generateNtNdArray2D(id, image);
    const started = performance.now();
    await compressNtNdArray(frame, settings);
    const encoded = performance.now();
    bytes = frame.header().elements;
    const decodingFrom = performance.now();
    decompressNtNdArraySync(frame);
    decoding += performance.now() - decodingFrom;
    encoding += encoded - started;
    frame.release();
  }
  const rate = (milliseconds: number) => (ROUNDS * 2 * SIDE * SIDE) / milliseconds / 1e3;
  return { encode: rate(encoding), decode: rate(decoding), bytes };
}

function python(file: string): Rates[] {
  const script = fileURLToPath(new URL('python/codecs.py', import.meta.url));
  const { stdout, stderr, status } = spawnSync(
    pythonWithPeers(),
    [script, file, String(ROUNDS), JSON.stringify(SETTINGS)],
    { encoding: 'utf8', env: { ...process.env, PYTHONPATH: codecsFolder(), OMP_NUM_THREADS: '1' } },
  );
  if (status !== 0) throw new Error(`Python's codecs ended with code ${status}: ${stderr}`);
  return JSON.parse(stdout) as Rates[];
}

const whole = (number: number) => Math.round(number).toLocaleString('en');

function rowOf(settings: CompressOptions, ours: readonly Rates[], theirs: readonly Rates[]): string[] {
  const compared = (direction: 'encode' | 'decode') => {
    const [own, peer] = [ours, theirs].map((rates) => median(rates.map((rate) => rate[direction]))) as [number, number];
    return [whole(own), whole(peer), (own / peer).toFixed(2)];
  };
  const factor = (2 * SIDE * SIDE) / (ours[0]?.bytes ?? NaN);
  return [Object.values(settings).join(' '), factor.toFixed(2), ...compared('encode'), ...compared('decode')];
}

/** Prints the rates of all codecs that give pixels back as they were. */
export async function benchCodecs(repetitions: number): Promise<void> {
  const data = detectorImage();
  const folder = mkdtempSync(join(tmpdir(), 'pvaflow-bench-'));
  const own: Rates[][] = SETTINGS.map(() => []);
  const peers: Rates[][] = SETTINGS.map(() => []);
  try {
    writeFileSync(join(folder, 'pixels'), data);
    for (const settings of SETTINGS) await ours(data, settings); // warms up
    for (let repetition = 0; repetition < repetitions; repetition++) {
      for (const [at, settings] of SETTINGS.entries()) own[at]?.push(await ours(data, settings));
      for (const [at, rates] of python(join(folder, 'pixels')).entries()) peers[at]?.push(rates);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  const rows = SETTINGS.map((settings, at) => rowOf(settings, own[at] ?? [], peers[at] ?? []));
  const headings = ['', 'factor', 'encode', 'Python', 'x', 'decode', 'Python', 'x'];
  process.stdout.write(
    `${cpus()[0]?.model ?? 'CPU'}; ${SIDE} × ${SIDE} uint16, noise and a spot, MB/s on one thread, `,
  );
  process.stdout.write(`median of ${repetitions}\n\n${aligned([headings, ...rows])}\n`);
}
