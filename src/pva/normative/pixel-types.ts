/** The element types of NTNDArray, as numpy calls them. */
export type PixelType =
  'boolean' | 'int8' | 'uint8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'uint64' | 'float32' | 'float64';

/** The members of NTNDArray's union `value`. */
export type DataFieldKey =
  | 'booleanValue'
  | 'byteValue'
  | 'ubyteValue'
  | 'shortValue'
  | 'ushortValue'
  | 'intValue'
  | 'uintValue'
  | 'longValue'
  | 'ulongValue'
  | 'floatValue'
  | 'doubleValue';

/** A typed array whose elements are numbers. */
export type NumberArray =
  Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;

/** A typed array that can hold the pixels of an image. */
export type PixelArray = NumberArray | BigInt64Array<ArrayBuffer> | BigUint64Array<ArrayBuffer>;

export interface PixelFormat {
  readonly dtype: PixelType;
  readonly fieldKey: DataFieldKey;
  /** The typed array that shows such pixels; booleans are shown as bytes that are 0 or 1. */
  readonly arrayType: PixelArrayType;
  readonly bytes: number;
}

export interface PixelArrayType<D extends PixelArray = PixelArray> {
  new (length: number): D;
  readonly name: string;
  readonly BYTES_PER_ELEMENT: number;
}

function format(dtype: PixelType, fieldKey: DataFieldKey, arrayType: PixelArrayType): PixelFormat {
  return { dtype, fieldKey, arrayType, bytes: arrayType.BYTES_PER_ELEMENT };
}

/** Every format, in the order in which `native/value/image-header.cpp` numbers them. */
export const pixelFormats: readonly PixelFormat[] = [
  format('boolean', 'booleanValue', Uint8Array),
  format('int8', 'byteValue', Int8Array),
  format('uint8', 'ubyteValue', Uint8Array),
  format('int16', 'shortValue', Int16Array),
  format('uint16', 'ushortValue', Uint16Array),
  format('int32', 'intValue', Int32Array),
  format('uint32', 'uintValue', Uint32Array),
  format('int64', 'longValue', BigInt64Array),
  format('uint64', 'ulongValue', BigUint64Array),
  format('float32', 'floatValue', Float32Array),
  format('float64', 'doubleValue', Float64Array),
];

const byName = new Map<string, PixelFormat>(pixelFormats.map((entry) => [entry.dtype, entry]));
const byArrayType = new Map<string, PixelFormat>(
  pixelFormats.filter(({ dtype }) => dtype !== 'boolean').map((entry) => [entry.arrayType.name, entry]),
);

/** The format of that name, or undefined. */
export function pixelFormatNamed(dtype: string): PixelFormat | undefined {
  return byName.get(dtype);
}

/** The format of what a typed array holds, or undefined for arrays that hold no pixels. */
export function pixelFormatOf(data: object): PixelFormat | undefined {
  return byArrayType.get(data.constructor.name);
}
