import type { FileHandle } from 'node:fs/promises';
import { ChunkMaker, type Tiles } from './chunk-maker.js';
import { ChunkSpace, WriteBatch } from './chunk-space.js';
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
  readonly ready: Promise<Tiles>;
  /** When they are ready. */
  made: Tiles | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** What is written by one call at most. */
const BATCH_BYTES = 8 * 2 ** 20;
const BATCH_FRAMES = 256;
/** Room for facts that is filled at once, so that it is there when the disk is full. */
const FILLED_BYTES = 2 ** 24;
/** When more facts are in memory, as of attributes that are long arrays, they are written before their time. */
const MAX_FACT_BYTES = 2 ** 24;

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
  /** Whether what was written may not be in the file: the system, asked last, could not say it, or the file is gone. */
  isDoubtful = false;
  /** Whether it has no name any more: what is under that name is not this file. */
  isGone = false;
  readonly #options: FrameFileOptions;
  readonly #layout: FileLayout;
  readonly #queue: Entry[] = [];
  #handle: FileHandle | undefined;
  readonly #maker: ChunkMaker;
  /** Of the images. */
  readonly #space: ChunkSpace;
  #flushes = 0;
  /** Whether the file system says that the file has a name. */
  #hadName = false;
  #syncError: Error | undefined;
  #pumping: Promise<void> | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(options: FrameFileOptions) {
    this.#options = options;
    this.#layout = new FileLayout(options);
    this.#maker = new ChunkMaker(this.#layout.grid, options.compressor);
    this.#space = new ChunkSpace(this.#layout.grid, this.#layout.imagesBegin);
  }

  /** Frames whose pixels were written. */
  get written(): number {
    return this.#space.frames;
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
    const { uniqueId, timeStamp, dataTimeStamp, attributes } = frame;
    const facts = [uniqueId, timeStamp, dataTimeStamp, ...this.#options.attributes.facts(attributes)];
    const making = this.#maker.make(frame);
    this.accepted += 1;
    const made = making instanceof Promise ? undefined : making;
    const ready = Promise.resolve(making);
    return new Promise((resolve, reject) => {
      const entry: Entry = { facts, ready, made, resolve, reject };
      ready.then(
        (tiles) => (entry.made = tiles),
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
      await this.#handle?.truncate(this.#space.end); // what was begun and failed
    } catch (error) {
      this.error ??= asError(error);
    }
    await this.#close();
  }

  /** A file system over a network may say only here that it could not write. */
  async #close(): Promise<void> {
    try {
      await this.#handle?.close();
    } catch (error) {
      this.error ??= asError(error);
      this.isDoubtful ||= !this.#options.isDurable;
    }
  }

  async #pump(): Promise<void> {
    try {
      this.#handle ??= await this.#open();
      while (this.#queue.length > 0) {
        await this.#writeBatch(this.#handle);
        if (this.#layout.unsavedBytes > MAX_FACT_BYTES) await this.flush();
      }
    } catch (error) {
      this.error = asError(error);
      for (const { ready, reject } of this.#queue.splice(0)) {
        reject(error);
        ready.then(
          (tiles) => tiles.release(),
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

  /** Writes the first frames of the queue, those that are ready. One that cannot be made ready fails alone. */
  async #writeBatch(handle: FileHandle): Promise<void> {
    const first = this.#queue[0] as Entry;
    try {
      await first.ready;
    } catch (error) {
      this.#queue.shift();
      first.reject(error);
      return;
    }
    const batch = new WriteBatch(this.#space);
    for (const { made } of this.#queue) {
      if (made === undefined || batch.frames.length >= BATCH_FRAMES || batch.bytes >= BATCH_BYTES) break;
      batch.add(made.tiles);
    }
    for (const { position, data } of batch.runs) await writeAll(handle, data, position);
    if (batch.needsRoom) await handle.truncate(batch.end); // room for frames of the chunk that come later
    this.#wrote(batch);
  }

  /** Frames leave the queue when nothing can fail any more: what is in it is told when the file fails. */
  #wrote(batch: WriteBatch): void {
    const { columns, index } = this.#layout;
    const count = batch.frames.length;
    for (const { facts } of this.#queue.slice(0, count)) columns.forEach(({ column }, i) => column.add(facts[i]));
    for (const { chunk, address, bytes } of batch.frames.flat()) index.set(chunk, address, bytes);
    this.#space.take(batch);
    for (const { made, resolve } of this.#queue.splice(0, count)) {
      made?.release();
      resolve();
    }
  }

  async #flush(isForced = false): Promise<void> {
    const handle = this.#handle;
    const { frames, end } = this.#space;
    if (handle === undefined || (frames === this.saved && !isForced)) return;
    const { tree, places, columns } = this.#layout;
    const place = places[this.#flushes % 2] as number;
    const { block, rootGroup } = tree.encode(place, frames);
    const first = superblock(rootGroup, end);
    for (const { column, storage } of columns) {
      const { data, offset } = column.unsaved(frames);
      if (data.length > 0) await writeAll(handle, [data], storage.address + offset);
    }
    await writeAll(handle, [block], place);
    await this.#sync(handle);
    await writeAll(handle, [first], 0);
    await this.#sync(handle);
    await this.#checkIsThere(handle);
    for (const { column } of columns) column.saved(frames);
    this.saved = frames;
    this.#flushes += 1;
  }

  /** What was written into a file that somebody removed, or replaced by another, is gone. */
  async #checkIsThere(handle: FileHandle): Promise<void> {
    const { nlink } = await handle.stat();
    this.#hadName ||= nlink > 0;
    if (!this.#hadName || nlink > 0) return;
    this.isGone = this.isDoubtful = true;
    throw (this.error = Object.assign(new Error('ENOENT: the file was removed while it was written'), {
      code: 'ENOENT',
    }));
  }

  /** Waits for the disk, if that is wanted. Once it failed it is not asked again: the system may have given up what it had to write. */
  async #sync(handle: FileHandle): Promise<void> {
    if (!this.#options.isDurable) return;
    if (this.#syncError !== undefined) throw this.#syncError;
    try {
      await handle.datasync();
    } catch (error) {
      throw (this.error = this.#syncError = asError(error));
    }
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
