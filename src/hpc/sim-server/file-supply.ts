import { PvaflowError } from '../../core/errors.js';
import { grouped, plural } from '../../core/figures.js';
import type { Logger } from '../../core/logger.js';
import type { NtNdArray } from '../../pva/normative/nt-nd-array.js';
import { FileFrames } from './file-frames.js';
import type { FrameSupply, SuppliedFrames } from './frame-supply.js';
import type { SimConfig } from './sim-config.js';
import { findFiles, type SimInput } from './sim-input.js';

/** A frame that was read, and what it costs. */
interface Held {
  readonly frame: NtNdArray;
  readonly bytes: number;
  /** Equal for frames that are the same in all but pixels. */
  readonly layout: string;
}

/**
 * Frames of files, read ahead of their time. When all of them fit into memory they are read once, and sent again and again. If
 * they do not, they are read again for each round; where there are more than `cacheFrames`, there is one round, as in pvaPy.
 */
export class FileSupply implements FrameSupply {
  readonly #config: SimConfig;
  readonly #input: SimInput;
  readonly #logger: Logger;
  #frames: FileFrames | undefined;
  /** In their order: all of them when they are kept, else those that come next. */
  readonly #held: Held[] = [];
  #heldBytes = 0;
  /** Taken, and perhaps not copied yet. */
  #lent: readonly Held[] = [];
  #next = 0;
  #lastLayout = '';
  /** Frames of the first round. */
  #inRound = 0;
  /** The next frame is read, and there is no room for it. */
  #isBlocked = false;
  #state: 'reading' | 'kept' | 'over' = 'reading';
  #error: Error | undefined;
  #wake: (() => void)[] = [];
  #isClosed = false;

  constructor(config: SimConfig, input: SimInput, logger: Logger) {
    this.#config = config;
    this.#input = input;
    this.#logger = logger;
  }

  /** Reads until the memory is full, or all is read: which of them it is decides how it goes on. */
  async prepare(): Promise<void> {
    this.#frames = new FileFrames(await findFiles(this.#input, this.#logger), this.#input, this.#logger);
    void this.#read(this.#frames);
    while (this.#state === 'reading' && !this.#isBlocked && this.#error === undefined && !this.#isClosed)
      await this.#change();
    if (this.#error !== undefined) throw this.#error;
  }

  get skipped() {
    return { files: this.#frames?.bad.size ?? 0 };
  }

  get isOver(): boolean {
    return this.#isClosed || (this.#state === 'over' && this.#held.length === 0);
  }

  get available(): number {
    return this.#state === 'kept' ? Infinity : this.#held.length;
  }

  take(most: number): SuppliedFrames {
    this.#giveBack();
    const taken = this.#state === 'kept' ? this.#again(most) : this.#held.splice(0, most);
    if (this.#state !== 'kept') this.#lent = taken;
    const isUniform = taken.every(({ layout }) => layout === this.#lastLayout);
    this.#lastLayout = taken.at(-1)?.layout ?? this.#lastLayout;
    const bytes = taken.reduce((sum, held) => sum + held.bytes, 0);
    return { frames: taken.map(({ frame }) => frame), bytes, isUniform };
  }

  async more(): Promise<void> {
    while (this.available === 0 && !this.isOver && this.#error === undefined) {
      this.#giveBack();
      await this.#change();
    }
    if (this.#error !== undefined && this.available === 0) throw this.#error;
  }

  describe(): string {
    const [first] = this.#held;
    const round = `${grouped(this.#inRound)} ${plural(this.#inRound, 'frame')}`;
    const count = this.#state === 'reading' ? 'frames' : round;
    const files = this.#frames?.files.paths.length ?? 0;
    const what = first === undefined ? '' : `, the first ${first.layout} (${grouped(first.bytes)} bytes)`;
    return `${count} of ${grouped(files)} ${plural(files, 'file')}${what}`;
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#changed();
    await Promise.resolve();
  }

  get #isFull(): boolean {
    const { cacheFrames, cacheBytes } = this.#config;
    return this.#held.length > 0 && (this.#held.length >= cacheFrames || this.#heldBytes >= cacheBytes);
  }

  /** The frames of a kept round, from where the last ones ended. */
  #again(most: number): Held[] {
    const count = Math.min(most, this.#held.length);
    const taken = Array.from({ length: count }, (_, i) => this.#held[(this.#next + i) % this.#held.length] as Held);
    this.#next = (this.#next + count) % this.#held.length;
    return taken;
  }

  #giveBack(): void {
    for (const { frame, bytes } of this.#lent) {
      frame.release();
      this.#heldBytes -= bytes;
    }
    this.#lent = [];
    this.#changed();
  }

  async #read(frames: FileFrames): Promise<void> {
    try {
      do await this.#readRound(frames);
      while (this.#state === 'reading' && !this.#isClosed);
    } catch (error) {
      this.#error = error instanceof Error ? error : new Error(String(error));
    }
    this.#changed();
  }

  async #readRound(frames: FileFrames): Promise<void> {
    const most = this.#config.frames > 0 ? this.#config.frames : Infinity;
    let [count, wasFull] = [0, false];
    for await (const frame of frames.round()) {
      for (; this.#isFull && !this.#isClosed; wasFull = true) await this.#room();
      if (this.#isClosed) return;
      this.#hold(frame);
      if (++count >= most) break;
    }
    if (count === 0) throw nothingToSend(frames);
    const isFirst = this.#inRound === 0;
    this.#inRound = count;
    if (count > this.#config.cacheFrames) this.#state = 'over';
    else if (isFirst && !wasFull) this.#state = 'kept';
  }

  async #room(): Promise<void> {
    this.#isBlocked = true;
    this.#changed();
    await this.#change();
    this.#isBlocked = false;
  }

  #hold(frame: NtNdArray): void {
    const { compressedSize = 0, dimensions, codec, format, colorMode } = frame.header();
    const layout = `${dimensions.join(' × ')} ${format?.dtype}${codec && ` ${codec}`}${colorMode ? ` colour mode ${colorMode}` : ''}`;
    this.#held.push({ frame, bytes: compressedSize, layout });
    this.#heldBytes += compressedSize;
    this.#changed();
  }

  /** Resolves when anything is different. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#wake.push(resolve));
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake();
  }
}

function nothingToSend({ files, bad }: FileFrames): PvaflowError {
  const [reason = 'there are no frames in it'] = bad.values();
  const count = files.paths.length;
  const what = count === 1 ? reason : `none of ${count} files can be read; the first: ${reason}`;
  return new PvaflowError('PVAFLOW_FILE_CONTENT', `nothing to send: ${what}`);
}
