/**
 * The one entry to the addon, typed. Only files of `src/pva` import it.
 *
 * Everything here is mechanism: names, defaults, retries, classes for normative types and messages for people are the
 * business of the files around it. Callbacks run on the JavaScript thread.
 */
import { createRequire } from 'node:module';
import { type ErrorCode, messageOf, PvaflowError } from '../core/errors.js';
import { addonFile } from '../core/package-root.js';
import type { NativeCaClientClass } from './native-ca.js';
import type { NativeClientClass } from './native-client.js';
import type { NativeImage, Way } from './native-image.js';
import type { NativeOpenerClass, NativeSealerClass } from './native-sealing.js';
import type { NativeServerClass } from './native-server.js';
import type { NativeTypeClass, NativeValue, NativeValueClass } from './native-value.js';
import type { TransportSettings } from './transport.js';

export type * from './native-client.js';
export type * from './native-sealing.js';
export type * from './native-server.js';
export type * from './native-value.js';

/** See native/ending/end-watch.h. */
interface NativeEndWatch {
  beat(last: string): void;
  close(): void;
}

interface NativeAddon {
  readonly CaClient: NativeCaClientClass;
  readonly Client: NativeClientClass;
  /** Absent on Windows. */
  readonly EndWatch?: new (remarkMs: number, limitMs: number, graceMs: number, remark: string) => NativeEndWatch;
  readonly Opener: NativeOpenerClass;
  readonly Sealer: NativeSealerClass;
  readonly Server: NativeServerClass;
  readonly Type: NativeTypeClass;
  readonly Value: NativeValueClass;
  readonly image: NativeImage;
  readonly transport: {
    settings(): TransportSettings;
    configure(settings: Partial<TransportSettings>): void;
  };
  /** Errors of the addon that carry a PVAFLOW_ code are made with this class from then on. */
  setErrorClass(errorClass: new (code: ErrorCode, message: string) => Error): void;
  /** Writes figures of an NTNDArray, in the order of native/value/image-header.cpp; returns the name of its codec. */
  readImageHeader(value: NativeValue, figures: Float64Array): string;
  /** Dimensions of an NTNDArray, and all that is said about its pixels; see native/value/image-layout.h. */
  readDimensions(value: NativeValue, figures: Float64Array): number;
  writeLayout(value: NativeValue, bytes: number, figures: Float64Array, count: number): void;
  /** Elements of an NTNDArray take the place of all; see native/image/gather-image.h. */
  gatherImage(value: NativeValue, ...wayFiguresAndCount: [...Way, figures: Float64Array, count: number]): void;
  /** Replaces the data of an NTNDArray by what it is when decoded; see native/codec/binding.h. */
  decodeImage(
    frame: NativeValue,
    codec: string,
    member: string,
    elements: number,
    compressedSize: number,
    threads: number,
    inBackground: boolean,
  ): number | Promise<number>;
  /** Replaces the data of an NTNDArray by what it is when encoded; gives the bytes of it. See native/codec/binding.h. */
  encodeImage(frame: NativeValue, settings: object, inBackground: boolean): number | Promise<number>;
  /** Makes a file by one job on another thread: a promise of its bytes, or of the negative number of an error; see native/files/whole-file.h. */
  writeFile(temporary: string, path: string, parts: readonly Uint8Array[], isDurable: boolean): Promise<number>;
  /** A promise of the checksum of a file, in hexadecimal digits; see native/files/checksum.h. */
  checksumOfFile(path: string, algorithm: string, pieces: Int32Array): Promise<string>;
  /** Sets attributes of an NTNDArray from other values; see native/value/attributes.h. */
  joinAttributes(frame: NativeValue, attributes: readonly unknown[]): void;
  removeAttributes(frame: NativeValue, names: readonly string[]): number;
  /** Seconds and nanoseconds of the time stamp of each value, two by two; see native/value/times.h. */
  readTimes(values: readonly NativeValue[], figures: Float64Array): void;
  readonly [name: string]: unknown;
}

function load(): NativeAddon {
  const file = addonFile();
  try {
    return createRequire(import.meta.url)(file) as NativeAddon;
  } catch (cause) {
    throw new PvaflowError(
      'PVAFLOW_ADDON',
      `cannot load ${file}: ${messageOf(cause)}. Build it with \`npm run build\`.`,
      {
        cause,
      },
    );
  }
}

export const native = load();
native.setErrorClass(PvaflowError);
