import { PvObject, type PvObjectSource } from '../pv-object.js';
import { native } from '../native.js';
import type { JoinedAttribute } from './joined-attribute.js';
import { PvType, structure, structureArray, union, type TypeFields } from '../pv-type.js';
import type { PvTimeStamp } from '../time-stamp.js';
import { readImageHeader, type ImageHeader } from './image-header.js';
import { readDimensions } from './image-layout.js';
import type { PixelArray } from './pixel-types.js';

/** One dimension of the data, first the one that varies fastest. */
export interface Dimension {
  size: number;
  offset: number;
  fullSize: number;
  binning: number;
  reverse: boolean;
}

/** A named fact about a frame. */
export interface NtAttribute {
  name: string;
  value: unknown;
  tags: string[];
  descriptor: string;
  alarm: { severity: number; status: number; message: string };
  timeStamp: { secondsPastEpoch: bigint; nanoseconds: number; userTag: number };
  sourceType: number;
  source: string;
}

const alarmFields = { severity: 'int', status: 'int', message: 'string' } as const;
const timeFields = { secondsPastEpoch: 'long', nanoseconds: 'int', userTag: 'int' } as const;
const time = structure(timeFields, 'time_t');

/**
 * The fields of NTNDArray, in the order and with the type ids of pvaPy and areaDetector.
 * https://docs.epics-controls.org/en/latest/pv-access/Normative-Types-Specification.html#ntndarray
 */
const fields: TypeFields = {
  value: union({
    booleanValue: 'boolean[]',
    byteValue: 'byte[]',
    ubyteValue: 'ubyte[]',
    shortValue: 'short[]',
    ushortValue: 'ushort[]',
    intValue: 'int[]',
    uintValue: 'uint[]',
    longValue: 'long[]',
    ulongValue: 'ulong[]',
    floatValue: 'float[]',
    doubleValue: 'double[]',
  }),
  codec: structure({ name: 'string', parameters: 'any' }, 'codec_t'),
  compressedSize: 'long',
  uncompressedSize: 'long',
  dimension: structureArray(
    { size: 'int', offset: 'int', fullSize: 'int', binning: 'int', reverse: 'boolean' },
    'dimension_t',
  ),
  uniqueId: 'int',
  dataTimeStamp: time,
  attribute: structureArray(
    {
      name: 'string',
      value: 'any',
      tags: 'string[]',
      descriptor: 'string',
      alarm: structure(alarmFields),
      timeStamp: structure(timeFields),
      sourceType: 'int',
      source: 'string',
    },
    'epics:nt/NTAttribute:1.0',
  ),
  descriptor: 'string',
  alarm: structure(alarmFields, 'alarm_t'),
  timeStamp: time,
  display: structure(
    { limitLow: 'double', limitHigh: 'double', description: 'string', format: 'string', units: 'string' },
    'display_t',
  ),
};

const TYPE_ID = 'epics:nt/NTNDArray:1.0';
const plainType = new PvType(structure(fields, TYPE_ID));

/** An image, or any array of up to ten dimensions, of an area detector. */
export class NtNdArray extends PvObject {
  /**
   * The type, with those of the `extra` fields at its end that it does not have already. Without any it is one type instance,
   * always.
   */
  static type(extra: TypeFields = {}): PvType {
    const added = Object.entries(extra).filter(([name]) => !(name in fields));
    if (added.length === 0) return plainType;
    return new PvType(structure({ ...fields, ...Object.fromEntries(added) }, TYPE_ID));
  }

  /** Without a source: an empty frame. */
  constructor(source: PvObjectSource = plainType, value?: Readonly<Record<string, unknown>>) {
    super(source, value);
  }

  /** Counts frames; 32 bits, so it wraps around. */
  get uniqueId(): number {
    return this.get('uniqueId');
  }

  set uniqueId(id: number) {
    this.set('uniqueId', id);
  }

  /** First the dimension that varies fastest. */
  get dimensions(): Dimension[] {
    const dimensions = readDimensions(this.native);
    return dimensions ?? this.get<(Dimension | null)[]>('dimension').filter((dimension) => dimension !== null);
  }

  set dimensions(dimensions: readonly Partial<Dimension>[]) {
    this.set('dimension', dimensions);
  }

  /** Name of the compression, empty for none, and its parameters: for areaDetector the number of the element type. */
  get codec(): { name: string; parameters: unknown } {
    return this.get('codec');
  }

  /** When the data was taken; `timeStamp` is when the frame was made known. */
  get dataTimeStamp(): PvTimeStamp {
    return this.timeStampAt('dataTimeStamp');
  }

  /** All attributes, in their order. A copy: `setAttribute` changes one. */
  get attributes(): NtAttribute[] {
    const all: unknown = this.has('attribute') ? this.get('attribute') : [];
    return Array.isArray(all) ? (all as (NtAttribute | null)[]).filter((attribute) => attribute !== null) : [];
  }

  /** Value of the attribute of that name; undefined when there is none. */
  attribute<T = unknown>(name: string): T | undefined {
    return this.attributes.find((attribute) => attribute.name === name)?.value as T | undefined;
  }

  /**
   * Changes the value of an attribute, or adds one at the end with what else is to be said about it. Others stay as they are. A number
   * is sent as a double, a bigint as a long; `{ type, value }` says another type.
   */
  setAttribute(name: string, value: unknown, about: Partial<Omit<NtAttribute, 'name' | 'value'>> = {}): this {
    const all = this.get<(NtAttribute | null)[]>('attribute');
    const index = all.findIndex((attribute) => attribute?.name === name);
    if (index < 0) return this.set(`attribute[${all.length}]`, { name, value, ...about });
    this.set(`attribute[${index}].value`, value);
    for (const [field, fact] of Object.entries(about)) this.set(`attribute[${index}].${field}`, fact);
    return this;
  }

  /** Takes attributes out; others stay as they are, with their types. Returns how many of these names there were. */
  removeAttributes(names: readonly string[]): number {
    return native.removeAttributes(this.native, names);
  }

  /**
   * Sets attributes from other values by one call of the addon. An attribute of the same name is replaced, others are added at
   * the end.
   */
  joinAttributes(attributes: readonly JoinedAttribute[]): this {
    // In the order of native/value/attributes.cpp.
    const items: unknown[] = [];
    for (const { name, of, number, descriptor, source, tags } of attributes)
      items.push(name, of?.native, number, descriptor, source, tags);
    native.joinAttributes(this.native, items);
    return this;
  }

  /**
   * The elements as they came, a view of the memory in which they arrived: to write to it changes the frame. Null when nothing is
   * selected. Booleans are a copy, as bytes that are 0 or 1. With a codec these are the compressed bytes.
   */
  get data(): PixelArray | null {
    const data = this.get<PixelArray | boolean[] | null>('value');
    return Array.isArray(data) ? Uint8Array.from(data, Number) : data;
  }

  /** What the frame says about its pixels, read by one call of the addon. */
  header(): ImageHeader {
    return readImageHeader(this.native);
  }
}
