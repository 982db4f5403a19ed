/** Compressed images and those of Python's packages: equal both ways, and pvaPy sees ours and we its. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  compressNtNdArray,
  decompressNtNdArray,
  PvaClient,
  PvaServer,
  reshapeNtNdArray,
  type CompressOptions,
  type NtNdArray,
  type PixelArray,
} from 'pvaflow';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pixelFormatNamed } from '../../src/pva/normative/pixel-types.js';
import { numberOfFormat } from '../../src/image/codec/element-types.js';
import { dimensionsOf } from '../image/frames.js';
import { bytesOf, dtypes, exactSettings, frameOf, mixedBytes, nameOf } from '../image/codec/settings.js';
import { codecsFolder } from '../peers/install.js';
import { newPlace, type Place } from '../peers/network.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient, startPvapySimulator } from '../peers/python.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-codecs-'));
afterAll(() => rmSync(folder, { recursive: true }));
let place: Place;
let ourPlace: Place;
let python: PythonClient;

beforeAll(async () => {
  place = await newPlace();
  ourPlace = await newPlace();
  python = await PythonClient.codecs(peers, place, ourPlace);
});

const sizes = [[1, 1], [7, 1], [67, 31], [401, 53]] as const; // prettier-ignore

/** Python's packages have the same versions of the compressors, and the same blocks; zlib is that of the machine. */
function writesSameBytes({ codec, compressor, blockSize }: CompressOptions): boolean {
  if (codec === 'blosc') return compressor !== 'snappy';
  return codec === 'bslz4' || (codec === 'lz4hdf5' && blockSize === undefined);
}

type PixelBuffer = new (buffer: ArrayBufferLike) => Uint16Array;

function pixelsOf(dtype: string, count: number): Uint16Array {
  const { arrayType, bytes } = pixelFormatNamed(dtype)!;
  return new (arrayType as unknown as PixelBuffer)(mixedBytes(count * bytes, count).buffer);
}

describe.each(exactSettings.map((settings) => [nameOf(settings), settings] as const))('%s', (_, settings) => {
  test.each(dtypes)('%s: what Python encodes is decoded, and it decodes what is encoded here', async (dtype) => {
    const { compressor } = settings;
    const isSameLibrary = writesSameBytes(settings);
    for (const [nx, ny] of sizes) {
      const pixels = pixelsOf(dtype, nx * ny);
      const data = bytesOf(pixels).toString('base64');
      const theirs = Buffer.from(await python.request<string>('encode', { data, dtype, ...settings }), 'base64');
      const frame = frameOf(pixels, nx);
      await compressNtNdArray(frame, settings);
      const ours = bytesOf(frame.data).toString('base64');
      const args = { data: ours, codec: settings.codec, dtype, size: pixels.byteLength, compressor };
      expect(await python.request('decode', args)).toBe(data);
      if (isSameLibrary) expect(ours).toBe(theirs.toString('base64'));

      frame.set('value.ubyteValue', theirs).set('compressedSize', theirs.length);
      expect(bytesOf(reshapeNtNdArray(frame).image.data).toString('base64')).toBe(data);
    }
  });
});

describe('jpeg', () => {
  const [nx, ny] = [67, 31];
  /** Smooth, so that little is lost. */
  const grey = Uint8Array.from({ length: nx * ny }, (_, i) => 40 + (i % nx) + 3 * Math.floor(i / nx));
  const color = Uint8Array.from({ length: 3 * nx * ny }, (_, i) => 40 + (i % (3 * nx)) / 3 + 30 * (i % 3));
  const text = (pixels: PixelArray | null) => bytesOf(pixels).toString('base64');

  test.each([
    ['grey', grey, [nx, ny], 0],
    ['colours', color, [3, nx, ny], 2],
  ] as const)('%s: the same pixels come out here and there', async (_, pixels, sizes, colorMode) => {
    const frame = frameOf(pixels, nx).set('dimension', dimensionsOf(sizes));
    frame.setAttribute('ColorMode', { type: 'int', value: colorMode });
    const shape = [...sizes].reverse();
    if (colorMode > 0) shape.splice(0, 3, ny, nx, 3);

    await compressNtNdArray(frame, { codec: 'jpeg' });
    const theirs = await python.request<{ data: string }>('jpeg_decode', { data: text(frame.data) });
    expect(theirs).toMatchObject({ shape });
    expect(text(reshapeNtNdArray(frame).image.data)).toBe(theirs.data);

    const encoded = Buffer.from(await python.request<string>('jpeg_encode', { data: text(pixels), shape }), 'base64');
    const same = await python.request<{ data: string }>('jpeg_decode', { data: encoded.toString('base64') });
    frame.set('value.ubyteValue', encoded).set('codec.name', 'jpeg').set('compressedSize', encoded.length);
    await decompressNtNdArray(frame);
    expect(text(frame.data)).toBe(same.data);
  });
});

describe('pvaPy', () => {
  const settings: readonly CompressOptions[] = exactSettings.filter(
    ({ codec, compressor }) => codec === 'lz4' || codec === 'bslz4' || (codec === 'blosc' && compressor !== 'snappy'),
  );
  const all = settings.flatMap((one) => dtypes.map((dtype, at) => ({ one, dtype, nx: 40 + at, ny: 23 })));

  test('sees compressed images that are served here', async () => {
    using server = new PvaServer({
      interfaces: ['127.0.0.1'],
      port: ourPlace.tcpPort,
      broadcastPort: ourPlace.udpPort,
      beaconAddresses: [`127.0.0.1:${ourPlace.beaconPort}`],
      autoBeacons: false,
      useEnvironment: false,
    });
    for (const [at, { one, dtype, nx, ny }] of all.entries()) {
      const frame = await compressNtNdArray(frameOf(pixelsOf(dtype, nx * ny), nx), one);
      server.addChannel(`ours:${at}`, frame);
    }
    for (const [at, { dtype, nx, ny }] of all.entries()) {
      const data = bytesOf(pixelsOf(dtype, nx * ny)).toString('base64');
      expect(await python.request('see', { name: `ours:${at}` })).toEqual({ dtype, nx, ny, data });
    }
  });

  test('serves compressed images that are seen here', async () => {
    const channels = all.map(({ one, dtype, nx, ny }, at) => [`theirs:${at}`, dtype, nx, ny, one]);
    await python.request('serve', { channels });
    using client = new PvaClient({
      addressList: [`127.0.0.1:${place.udpPort}`],
      autoAddressList: false,
      broadcastPort: place.beaconPort,
      useEnvironment: false,
    });
    for (const [at, { one, dtype, nx, ny }] of all.entries()) {
      const frame = (await client.get(`theirs:${at}`)) as NtNdArray;
      expect(frame.codec).toEqual({ name: one.codec, parameters: numberOfFormat(pixelFormatNamed(dtype)!) });
      const { image } = reshapeNtNdArray(frame);
      expect(image.shape).toEqual([ny, nx]);
      const counting = Array.from({ length: nx * ny }, (_, i) => (dtype.endsWith('int8') ? i & 0xff : i));
      const mask = dtype.endsWith('int8') ? 0xff : -1;
      expect(Array.from(image.data, (value) => Number(value) & mask)).toEqual(counting);
    }
  });

  test('sends compressed chunks of an HDF5 file, each with the header that they have there', async () => {
    const file = join(folder, 'images.h5');
    const [nx, ny] = [130, 61];
    const pixels = pixelsOf('uint16', nx * ny);
    const data = bytesOf(pixels).toString('base64');
    await python.request('write_hdf5', { file, data, dtype: 'uint16', shape: [1, ny, nx] });
    const args = ['-if', file, '-hds', '/images', '-hcm', '-cn', 'chunks', '-rt', '600', '-fps', '5', '-std', '1'];
    const plugins = join(codecsFolder(), 'bitshuffle', 'plugin'); // it looks into one image as it starts
    const env = { PYTHONPATH: codecsFolder(), HDF5_PLUGIN_PATH: plugins };
    const simulator = await startPvapySimulator(peers, args, undefined, env);
    using client = new PvaClient({
      addressList: [`127.0.0.1:${simulator.place.udpPort}`],
      autoAddressList: false,
      broadcastPort: simulator.place.beaconPort,
      useEnvironment: false,
    });
    for await (const event of client.monitor('chunks')) {
      if (event.type !== 'update' || (event.value as NtNdArray).header().nDimensions === 0) continue;
      const frame = event.value as NtNdArray;
      expect(frame.codec).toEqual({ name: 'bslz4', parameters: 6 });
      expect(bytesOf(reshapeNtNdArray(frame).image.data).toString('base64')).toBe(data);
      break;
    }
  });
});
