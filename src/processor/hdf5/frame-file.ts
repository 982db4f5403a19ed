import type { FileHandle } from 'node:fs/promises';
import type { Chunk, Compressor } from './compression.js';
import type { Fact } from './column.js';
import { FileLayout, type FileContents } from './file-layout.js';
import type { FrameData } from './frame-format.js';
import { superblock } from './object-header.js';
import { writeAll } from './write-all.js';

export interface FrameFileOptions extends FileContents {
  /** Whether a flush waits until the disk has it. */
  readonly isDurable: boolean;
  /** Opens it, for writing, when the first frame has come. */
  readonly open: () => Promise<FileHandle>;
  /** Called when it is a complete file without frames. */
  readonly opened: () => Promise<void>;
}

/** A frame on its way. */
interface Entry {
  readonly facts: readonly Fact[];
  readonly ready: Promise<Chunk>;
  /** When it is ready. */
  chunk: Chunk | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is written by one call at most. */
const BATCH_BYTES = 8 * 2 ** 20;
const BATCH_FRAMES = 256;
/** Room for facts that is filled at once, so that it is there when the disk is full. */
const FILLED_BYTES = 2 ** 24;

/**
 * One HDF5 file that grows by frames. At every moment it is a complete file with the frames up to the last flush, whatever happens to
 * this process: a flush writes frames and facts behind those that are there, then the headers of all objects in the one of
 * two places that is not in use, and at last, by one small write, in the first block of the file which of them is.
 */
export class FrameFile {
  /** Frames that were given to it. */
  accepted = 0;
  /** Frames that are in the file for every reader. */
  saved = 0;
  /** What made it fail; it takes nothing more then. */
  error: Error | undefined;
  readonly #options: FrameFileOptions;
  readonly #layout: FileLayout;
  readonly #queue: Entry[] = [];
  #handle: FileHandle | undefined;
  /** Frames whose pixels were written, and where the next begins. */
  #written = 0;
  #end: number;
  #flushes = 0;
  #pumping: Promise<void> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: FrameFileOptions) {
    this.#options = options;
    this.#layout = new FileLayout(options);
    this.#end = this.#layout.imagesBegin;
  }

  /** Frames whose pixels were written. */
  get written(): number {
    return this.#written;
  }

  get isFull(): boolean {
    return this.accepted >= this.#options.capacity;
  }

  /**
   * Takes a frame, if it is not full. The promise resolves, in the order of the calls, when its pixels were written: then their
   * memory is free. A reader sees it after the next flush.
   */
  add(frame: FrameData): Promise<void> {
    if (this.error !== undefined) return Promise.reject(this.error);
    this.accepted += 1;
    const { compressor, attributes } = this.#options;
    const facts: Fact[] = [frame.uniqueId, frame.timeStamp, frame.dataTimeStamp];
    for (const name of attributes.keys()) facts.push(frame.attributes.get(name));
    const plain = compressor === undefined ? { parts: [frame.pixels()], release: () => {} } : undefined;
    const ready = plain === undefined ? (compressor as Compressor).compress(frame) : Promise.resolve(plain);
    return new Promise((resolve, reject) => {
      const entry: Entry = { facts, ready, chunk: plain, resolve, reject };
      ready.then(
        (chunk) => (entry.chunk = chunk),
        () => {}, // told when it is its turn
      );
      this.#queue.push(entry);
      this.#pumping ??= this.#pump();
    });
  }

  /** Makes all frames visible to readers that were written. */
  flush(): Promise<void> {
    const flushed = this.#flushing.then(() => this.#flush());
    this.#flushing = flushed.catch(() => {});
    return flushed;
  }

  /** Resolves when nothing is left of what it was given. */
  async idle(): Promise<void> {
    while (this.#pumping !== undefined) await this.#pumping;
  }

  /** Waits for what it was given, flushes and closes. Afterwards `error` tells whether all went well. */
  async end(): Promise<void> {
    await this.idle();
    try {
      await this.flush();
      await this.#flush(true); // for readers that have the file open: each follows one of the two places
      await this.#handle?.truncate(this.#end); // what was begun and failed
    } catch (error) {
      this.error ??= asError(error);
    }
    await this.#handle?.close();
  }

  async #pump(): Promise<void> {
    try {
      this.#handle ??= await this.#open();
      while (this.#queue.length > 0) await this.#writeBatch(this.#handle);
    } catch (error) {
      this.error = asError(error);
      for (const { ready, reject } of this.#queue.splice(0)) {
        reject(error);
        ready.then(
          (chunk) => chunk.release(),
          () => {},
        );
      }
    } finally {
      this.#pumping = undefined;
    }
  }

  async #open(): Promise<FileHandle> {
    const handle = await this.#options.open();
    this.#handle = handle;
    const { columnsBegin, imagesBegin } = this.#layout;
    await writeAll(handle, [Buffer.alloc(Math.min(imagesBegin, columnsBegin + FILLED_BYTES))], 0);
    await handle.truncate(imagesBegin);
    await this.#flush(true);
    await this.#options.opened();
    return handle;
  }

  /** Writes the first frames of the queue, those that are ready. */
  async #writeBatch(handle: FileHandle): Promise<void> {
    await this.#queue[0]?.ready;
    const batch: Uint8Array[] = [];
    let bytes = 0;
    let frames = 0;
    for (const { chunk } of this.#queue) {
      if (chunk === undefined || frames >= BATCH_FRAMES || bytes >= BATCH_BYTES) break;
      batch.push(...chunk.parts);
      bytes += sizeOf(chunk);
      frames += 1;
    }
    await writeAll(handle, batch, this.#end);
    for (const entry of this.#queue.splice(0, frames)) this.#wrote(entry, entry.chunk as Chunk);
  }

  #wrote({ facts, resolve }: Entry, chunk: Chunk): void {
    const bytes = sizeOf(chunk);
    this.#layout.columns.forEach(({ column }, i) => column.add(facts[i]));
    this.#layout.index.set(this.#written, this.#end, bytes);
    this.#written += 1;
    this.#end += bytes;
    chunk.release();
    resolve();
  }

  async #flush(isForced = false): Promise<void> {
    const handle = this.#handle;
    const frames = this.#written;
    if (handle === undefined || (frames === this.saved && !isForced)) return;
    const { tree, places, columns } = this.#layout;
    const place = places[this.#flushes % 2] as number;
    const { block, rootGroup } = tree.encode(place, frames);
    const first = superblock(rootGroup, this.#end);
    for (const { column, storage } of columns) {
      const { data, offset } = column.unsaved(frames);
      if (data.length > 0) await writeAll(handle, [data], storage.address + offset);
    }
    await writeAll(handle, [block], place);
    if (this.#options.isDurable) await handle.datasync();
    await writeAll(handle, [first], 0);
    if (this.#options.isDurable) await handle.datasync();
    for (const { column } of columns) column.saved(frames);
    this.saved = frames;
    this.#flushes += 1;
  }
}

function sizeOf({ parts }: Chunk): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
