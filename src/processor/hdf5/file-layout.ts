import { ChunkGrid, WHOLE_IMAGES, type Chunking } from './chunk-grid.js';
import { ChunkIndex } from './chunk-index.js';
import { Column } from './column.js';
import type { Compressor } from './compression.js';
import { numberTypes, type Datatype } from './datatype.js';
import type { FrameFormat } from './frame-format.js';
import { nexusTree } from './nexus.js';
import { alignedTo, ObjectTree, type Dataset } from './object-tree.js';

/** What a file is to hold. */
export interface FileContents {
  readonly format: FrameFormat;
  /** How many frames it may hold. */
  readonly capacity: number;
  readonly datasetName: string;
  /** Columns for the attributes of frames. */
  readonly attributes: ReadonlyMap<string, Datatype>;
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
  /** In the order of the facts of a frame: id, times, attributes. */
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
    this.columns = [...frameFacts, ...attributes].map(([name, type]) => {
      return { column: new Column(name, type), storage: { address: 0 } };
    });
    this.tree = new ObjectTree(this.#nexusTree(contents));
    const placeBytes = alignedTo(PAGE, this.tree.bytes);
    this.places = [PAGE, PAGE + placeBytes];
    this.columnsBegin = PAGE + 2 * placeBytes;
    let end = this.columnsBegin;
    for (const { column, storage } of this.columns) {
      storage.address = end;
      end = alignedTo(8, end + capacity * column.type.bytes);
    }
    this.imagesBegin = alignedTo(PAGE, end);
  }

  #nexusTree({ format, capacity, compressor, datasetName, startTime }: FileContents) {
    const type = numberTypes[format.dtype];
    const filters = compressor === undefined ? [] : [compressor.filter(type.bytes, this.grid.tileBytes)];
    const storage = { index: this.index, chunk: this.grid.sizes, filters, capacity };
    const interpretation = format.shape.length === 3 ? 'rgba-image' : 'image';
    const datasets = this.columns.map(({ column, storage }, i): [string, Dataset] => {
      const attributes = i < frameFacts.length && column.type === numberTypes.int64 ? nanoseconds : {};
      return [column.name, { kind: 'dataset', type: column.type, shape: [], storage, attributes }];
    });
    return nexusTree({
      images: { kind: 'dataset', type, shape: format.shape, storage, attributes: { interpretation } },
      frameFacts: Object.fromEntries(datasets.slice(0, frameFacts.length)),
      attributes: Object.fromEntries(datasets.slice(frameFacts.length)),
      datasetName,
      startTime: startTime.toISOString(),
    });
  }
}
