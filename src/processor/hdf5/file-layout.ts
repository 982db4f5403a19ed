import { ChunkGrid, WHOLE_IMAGES, type Chunking } from './chunk-grid.js';
import { ChunkIndex } from './chunk-index.js';
import { Column } from './column.js';
import type { Compressor } from './compression.js';
import type { AttributeSchema } from './attribute-schema.js';
import { numberTypes } from './datatype.js';
import type { FrameFormat } from './frame-format.js';
import { nexusTree } from './nexus.js';
import { alignedTo, ObjectTree, type Dataset } from './object-tree.js';

/** What a file is to hold. */
export interface FileContents {
  readonly format: FrameFormat;
  /** How many frames it may hold. */
  readonly capacity: number;
  readonly datasetName: string;
  readonly attributes: AttributeSchema;
  readonly compressor: Compressor | undefined;
  /** Absent: each image is a chunk. */
  readonly chunking?: Chunking | undefined;
  /** When the first frame was taken. */
  readonly startTime: Date;
}

/** A column, and where it begins in the file. */
interface PlacedColumn {
  readonly column: Column;
  readonly storage: { address: number };
}

const PAGE = 4096;

/** What every frame has, apart from its attributes. */
const frameFacts = [
  ['uniqueId', numberTypes.int32],
  ['timeStamp', numberTypes.int64],
  ['dataTimeStamp', numberTypes.int64],
] as const;
const nanoseconds = { units: 'ns', long_name: 'nanoseconds since 1970-01-01T00:00:00Z' };

/**
 * Where everything is in a file of frames: the first block, two places for the headers of all objects, room for the columns, and the
 * images, which follow each other to the end.
 */
export class FileLayout {
  readonly tree: ObjectTree;
  /** In the order of the facts of a frame: id, times, attributes, lengths of attributes. */
  readonly columns: readonly PlacedColumn[];
  readonly grid: ChunkGrid;
  /** Where the chunks of the images are. */
  readonly index: ChunkIndex;
  readonly places: readonly [number, number];
  /** Where the columns and the images begin. */
  readonly columnsBegin: number;
  readonly imagesBegin: number;

  constructor(contents: FileContents) {
    const { format, capacity, attributes, compressor, chunking = WHOLE_IMAGES } = contents;
    this.grid = new ChunkGrid(format, capacity, chunking);
    this.index = new ChunkIndex(this.grid.chunksOf(capacity), this.grid.tileBytes, compressor !== undefined);
    const own = frameFacts.map(([name, type]) => new Column(name, type));
    const ofAttributes = [...attributes.columns].map(([name, { type, length }]) => new Column(name, type, length));
    const lengths = attributes.ragged.map((name) => new Column(name, numberTypes.int32));
    this.columns = [...own, ...ofAttributes, ...lengths].map((column) => ({ column, storage: { address: 0 } }));
    this.tree = new ObjectTree(this.#nexusTree(contents));
    const placeBytes = alignedTo(PAGE, this.tree.bytes);
    this.places = [PAGE, PAGE + placeBytes];
    this.columnsBegin = PAGE + 2 * placeBytes;
    let end = this.columnsBegin;
    for (const { column, storage } of this.columns) {
      storage.address = end;
      end = alignedTo(8, end + capacity * column.bytes);
    }
    this.imagesBegin = alignedTo(PAGE, end);
  }

  /** Of facts that are in memory. */
  get unsavedBytes(): number {
    return this.columns.reduce((sum, { column }) => sum + column.unsavedBytes, 0);
  }

  #nexusTree({ format, capacity, compressor, datasetName, attributes, startTime }: FileContents) {
    const type = numberTypes[format.dtype];
    const filters = compressor === undefined ? [] : [compressor.filter(type.bytes, this.grid.tileBytes)];
    const storage = { index: this.index, chunk: this.grid.sizes, filters, capacity };
    const interpretation = format.shape.length === 3 ? 'rgba-image' : 'image';
    const datasets = this.columns.map(({ column, storage }, i): [string, Dataset] => {
      const { name, type, length } = column;
      const about = i < frameFacts.length && type === numberTypes.int64 ? nanoseconds : {};
      return [name, { kind: 'dataset', type, shape: length === undefined ? [] : [length], storage, attributes: about }];
    });
    const [first, second] = [frameFacts.length, frameFacts.length + attributes.columns.size];
    return nexusTree({
      images: { kind: 'dataset', type, shape: format.shape, storage, attributes: { interpretation } },
      frameFacts: Object.fromEntries(datasets.slice(0, first)),
      attributes: Object.fromEntries(datasets.slice(first, second)),
      attributeLengths: Object.fromEntries(datasets.slice(second)),
      datasetName,
      startTime: startTime.toISOString(),
    });
  }
}
