import { closeSync, fstatSync, mkdirSync, openSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

const LOOK_MS = 1000;

/**
 * A file that lines are added to, for months: a disk that is full costs lines and nothing else, and a file that was renamed or
 * removed, as those do who rotate logs, is begun anew under its name.
 */
export class LogFile {
  #descriptor: number;
  #lookedAt = performance.now();
  #nLost = 0;

  /**
   * @param onLinesLost called when lines can be written again, with the number of those that could not
   * @param lookMs how often it is looked whether the file was moved away
   * @throws what the system says when the file cannot be opened
   */
  constructor(
    readonly path: string,
    readonly onLinesLost: (count: number) => void,
    readonly lookMs = LOOK_MS,
  ) {
    mkdirSync(dirname(path), { recursive: true });
    this.#descriptor = openSync(path, 'a');
  }

  /** Adds a line, which has its line feed. Never throws. */
  write(line: string): void {
    try {
      this.#followRotation();
      writeSync(this.#descriptor, line);
    } catch {
      this.#nLost += 1;
      return;
    }
    const count = this.#nLost;
    this.#nLost = 0;
    if (count > 0) this.onLinesLost(count);
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #followRotation(): void {
    const now = performance.now();
    if (now - this.#lookedAt < this.lookMs) return;
    this.#lookedAt = now;
    if (this.#isInPlace()) return;
    const fresh = openSync(this.path, 'a');
    closeSync(this.#descriptor);
    this.#descriptor = fresh;
  }

  #isInPlace(): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    const ours = fstatSync(this.#descriptor);
    return there !== undefined && there.ino === ours.ino && there.dev === ours.dev;
  }
}
