import { expect } from 'vitest';
import type { Pipeline } from '../../../src/pipeline/pipeline.js';
import { FakeClock } from '../fakes.js';
import type { SourcePlan } from './plan.js';
import { QueueChecks } from './queue-checks.js';
import { SimSource } from './sources.js';

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
  readonly queues = new QueueChecks(this);
  readonly sources: SimSource[];
  readonly came: Token[] = [];
  readonly written: Token[] = [];
  readonly makings: Token[] = [];
  /** What was found wrong within a processor, where an error would only fail the event. */
  readonly violations: string[] = [];
  /** What somebody waits for will never come. */
  isStuck = false;
  /** Events with which that happened, and those that they stem from, as `source:id`. */
  readonly stuck = new Set<string>();
  #state: number;
  pipeline!: Pipeline<Token>;
  /** Inserts, replaces or removes a stage. */
  changeChain: () => void = () => {};

  constructor(seed: number, sources: readonly SourcePlan[]) {
    this.#state = seed | 0;
    this.sources = sources.map((plan, at) => new SimSource(at, plan, this));
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

  /** Nobody will ever give back what was asked, and perhaps an event. */
  never(token?: Token): Promise<never> {
    this.isStuck = true;
    for (const part of token?.parts ?? []) this.stuck.add(keyOf(part));
    return new Promise(() => {});
  }

  /** Events come to a source. */
  emit(at: number, count: number): void {
    const source = this.sources[at % this.sources.length] as SimSource;
    if (source.paused || this.pipeline.state === 'ended') return;
    this.came.push(...source.come(count));
  }

  /** The accounts are right, and were; and no queue is longer than it may be. */
  check(): void {
    this.queues.check();
    expect(this.violations).toEqual([]);
    expect(this.pipeline.imbalance()).toBeUndefined();
  }

  /** The same from within a processor. */
  checkInside(): void {
    const wrong = this.pipeline.imbalance();
    if (wrong !== undefined) this.violations.push(wrong);
    this.queues.check();
  }
}

export function keyOf({ source, id }: Part): string {
  return `${source}:${id}`;
}
