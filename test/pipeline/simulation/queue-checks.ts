import type { QueueFigures } from '../../../src/pipeline/pipeline-stats.js';
import { MAX_SIZE, type QueuePlan } from './plan.js';
import type { World } from './world.js';

interface Known {
  readonly plan: QueuePlan;
  /** A source is asked for several events at once, before their sizes are known. */
  readonly isOfSource: boolean;
  bytes: number;
  /** When it was looked at last. */
  last: { length: number; bytes: number };
}

/** Knows the limits of all queues, and whether they are kept. A queue may be above a limit only when that was lowered. */
export class QueueChecks {
  readonly #sources = new Map<string, Known>();
  readonly #edges = new Map<string, Known>();

  constructor(readonly world: World) {}

  source(name: string, plan: QueuePlan): void {
    this.#sources.set(name, { plan, isOfSource: true, bytes: plan.bytes, last: { length: 0, bytes: 0 } });
  }

  edge(name: string, plan: QueuePlan): void {
    this.#edges.set(name, { plan, isOfSource: false, bytes: plan.bytes, last: { length: 0, bytes: 0 } });
  }

  /** The stage behind has, or will have, another name. */
  alias(name: string, other: string): void {
    const known = this.#edges.get(name);
    if (known !== undefined) this.#edges.set(other, known);
  }

  /** The sources have new limits. */
  limitBytes(bytes: number): void {
    for (const known of this.#sources.values()) known.bytes = bytes;
  }

  sizeOf({ size }: QueuePlan): () => number {
    return () => size ?? this.world.random(MAX_SIZE + 1);
  }

  check(): void {
    const { sources, edges } = this.world.pipeline.stats();
    for (const figures of sources) this.#check(figures, this.#sources.get(figures.name));
    for (const figures of edges) this.#check(figures, this.#edges.get(figures.name));
  }

  #check({ name, length, bytes, limit }: QueueFigures & { name: string }, known: Known | undefined): void {
    const complain = (what: string) => void this.world.violations.push(`the queue of ${name}: ${what}`);
    if (known === undefined) return complain('is of nobody');
    const { last } = known;
    known.last = { length, bytes };
    if (length > Math.max(limit, last.length)) complain(`${length} events of ${limit}`);
    const most = known.bytes + overshoot(known, limit);
    if (length > 1 && bytes >= Math.max(most, last.bytes + 1)) complain(`${bytes} bytes of ${known.bytes}`);
    if (length === 0 && bytes !== 0) complain(`${bytes} bytes of nothing`);
  }
}

/** By so much a queue stays below its limit in bytes and this: by one event; or by a batch, if no event tells the size of the next. */
function overshoot({ plan, isOfSource }: Known, limit: number): number {
  if (plan.size !== undefined) return plan.size;
  return isOfSource && plan.onFull === 'wait' ? limit * MAX_SIZE : MAX_SIZE;
}
