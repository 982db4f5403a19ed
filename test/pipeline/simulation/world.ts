import { expect } from 'vitest';
import type { Pipeline } from '../../../src/pipeline/pipeline.js';
import { FakeClock, ManualSource } from '../fakes.js';

/** What an event of the simulation stems from: shares of events of sources. */
export interface Part {
  readonly source: number;
  readonly id: number;
  readonly weight: number;
  readonly path: string;
}

/** An event of the simulation. */
export interface Token {
  readonly parts: readonly Part[];
  released: number;
}

/** Everything around the runtime: time, chance, sources, and a record of all events there ever were. */
export class World {
  readonly clock = new FakeClock();
  readonly sources: ManualSource<Token>[];
  readonly came: Token[] = [];
  readonly written: Token[] = [];
  readonly makings: Token[] = [];
  /** What was found wrong within a processor, where an error would only fail the event. */
  readonly violations: string[] = [];
  readonly #ids: number[];
  #state: number;
  pipeline!: Pipeline<Token>;

  constructor(seed: number, sources: number) {
    this.#state = seed | 0;
    this.sources = Array.from({ length: sources }, () => new ManualSource<Token>());
    this.#ids = this.sources.map(() => 0);
  }

  /** A number below `below` that looks random and depends on the seed alone. */
  random(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  }

  /** An event that a stage makes. */
  made(parts: readonly Part[]): Token {
    const token = { parts, released: 0 };
    this.makings.push(token);
    return token;
  }

  later<T>(value: T, most: number): Promise<T> {
    return new Promise((resolve) => this.clock.after(this.random(most), () => resolve(value)));
  }

  /** Events come to a source. */
  emit(at: number, count: number): void {
    const index = at % this.sources.length;
    const source = this.sources[index] as ManualSource<Token>;
    if (source.paused || this.pipeline.state === 'ended') return;
    const tokens = Array.from({ length: count }, () => ({ parts: [this.#nextPart(index)], released: 0 }));
    this.came.push(...tokens);
    source.emit(...tokens);
  }

  /** The accounts are right, and were. */
  check(): void {
    expect(this.violations).toEqual([]);
    expect(this.pipeline.imbalance()).toBeUndefined();
  }

  /** The same from within a processor. */
  checkInside(): void {
    const wrong = this.pipeline.imbalance();
    if (wrong !== undefined) this.violations.push(wrong);
  }

  #nextPart(source: number): Part {
    const id = this.#ids[source] as number;
    this.#ids[source] = id + 1;
    return { source, id, weight: 1, path: '' };
  }
}
