import type { FrameData } from '../../../src/processor/hdf5/frame-format.js';
import type { Hdf5WriterOptions } from '../../../src/processor/hdf5/hdf5-writer.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';

/** What a test does not say of a writer. */
export const writerOptions: Hdf5WriterOptions = {
  outputDirectory: '.',
  outputFileNameFormat: '{outputFileId:06}.{processorId}.hdf',
  nImagesPerFile: 1000,
  datasetName: 'images',
  compression: 'none',
  flushInterval: 1000,
  durability: 'none',
  existingFiles: 'number',
  manifest: '',
  checksum: 'none',
  retryInterval: 0,
};

/** A frame of bytes that follow from its id, as hdf5_reader.py knows. */
export function patternFrame(id: number, ny: number, nx: number): FrameData {
  const pixels = new Uint8Array(ny * nx).map((_, i) => 7 * id + i);
  return {
    dtype: 'uint8',
    shape: [ny, nx],
    pixels: () => pixels,
    copy: () => new NtNdArray().set('value.ubyteValue', pixels),
    uniqueId: id,
    timeStamp: BigInt(id),
    dataTimeStamp: 0n,
    attributes: new Map([['id', id]]),
  };
}
