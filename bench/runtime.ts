// npm run bench -- --topic runtime: what the runtime costs by itself, without frames and sockets.
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { Pipeline } from '../src/pipeline/pipeline.js';
import type { Processor, Source } from '../src/pipeline/interfaces.js';
import { median } from './results.js';
import { aligned } from './table.js';

interface Event {
  id: number;
}

/** Gives `count` events, again and again the same ones, as fast as they are taken. */
class FastSource implements Source<Event> {
  readonly #batch: readonly Event[] = Array.from({ length: 256 }, (_, id) => ({ id }));
  #left: number;

  constructor(count: number) {
    this.#left = count;
  }

  start(onReadable: () => void): void {
    onReadable();
  }

  take(max: number): readonly Event[] {
    const count = Math.min(max, this.#left, this.#batch.length);
    this.#left -= count;
    return count === this.#batch.length ? this.#batch : this.#batch.slice(0, count);
  }

  pause(): void {}

  close(): void {}
}

/** A source for one event at a time. */
class OneByOne implements Source<Event> {
  #next: Event[] = [];
  #onReadable: () => void = () => {};

  start(onReadable: () => void): void {
    this.#onReadable = onReadable;
  }

  take(): readonly Event[] {
    const next = this.#next;
    this.#next = [];
    return next;
  }

  send(event: Event): void {
    this.#next = [event];
    this.#onReadable();
  }

  pause(): void {}

  close(): void {}
}

interface Case {
  readonly name: string;
  readonly events: number;
  /** Events per second that it should reach at least. */
  readonly target?: number;
  readonly stages: () => Processor<Event>[];
}

const times = (count: number, make: () => Processor<Event>) => Array.from({ length: count }, make);
const noOp = (): Processor<Event> => ({ process: (event) => event });
const asynchronous = (): Processor<Event> => ({ process: (event) => Promise.resolve(event) });
const generator = (): Processor<Event> => ({
  *process(event) {
    yield event;
    yield { id: event.id };
  },
});

const CASES: readonly Case[] = [
  { name: 'no processor', events: 5_000_000, stages: () => [] },
  { name: 'one no-op processor', events: 5_000_000, stages: () => times(1, noOp) },
  { name: 'three no-op processors', events: 5_000_000, target: 5_000_000, stages: () => times(3, noOp) },
  { name: 'ten no-op processors', events: 2_000_000, stages: () => times(10, noOp) },
  { name: 'three that give promises', events: 300_000, stages: () => times(3, asynchronous) },
  { name: 'one generator of two events', events: 500_000, stages: () => times(1, generator) },
];

/** Events per second through the stages. */
async function rateOf({ events, stages }: Case): Promise<number> {
  const queue = { items: 1024, bytes: Infinity, onFull: 'wait' as const };
  const pipeline = new Pipeline<Event>({
    sources: [{ name: 'source', source: new FastSource(events), queue }],
    processors: stages().map((processor, at) => ({ name: `stage${at}`, processor })),
  });
  const startedAt = performance.now();
  pipeline.start();
  await pipeline.drain();
  const rate = events / ((performance.now() - startedAt) / 1000);
  if (pipeline.stats().processed !== events) throw new Error(pipeline.imbalance() ?? 'events are missing');
  return rate;
}

/** Microseconds from a source to the sink, in ascending order, of many events that come one by one. */
async function latencies(stages: Processor<Event>[], count: number): Promise<Float64Array> {
  const found = new Float64Array(count);
  const source = new OneByOne();
  let sentAt = 0;
  let arrived = 0;
  let onArrived = () => {};
  const pipeline = new Pipeline<Event>({
    sources: [{ name: 'source', source, queue: { items: 1024, bytes: Infinity, onFull: 'wait' } }],
    processors: stages.map((processor, at) => ({ name: `stage${at}`, processor })),
    sink: {
      write() {
        found[arrived] = (performance.now() - sentAt) * 1000;
        arrived += 1;
        onArrived();
      },
    },
  });
  pipeline.start();
  for (let id = 0; id < count; id++) {
    sentAt = performance.now();
    source.send({ id });
    if (arrived <= id) await new Promise<void>((resolve) => (onArrived = resolve));
  }
  await pipeline.drain();
  return found.sort();
}

const whole = (number: number) => Math.round(number).toLocaleString('en');
const at = (sorted: Float64Array, share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? NaN;

async function ratesTable(repetitions: number): Promise<string> {
  const rates = new Map<Case, number[]>(CASES.map((each) => [each, []]));
  for (let repetition = 0; repetition < repetitions; repetition++)
    for (const [each, found] of rates) found.push(await rateOf(each));
  const rows = [...rates].map(([{ name, target }, found]) => {
    const middle = median(found);
    const verdict = target === undefined ? '' : `>= ${whole(target)} ${middle >= target ? 'met' : 'MISSED'}`;
    return [name, whole(middle), whole(Math.min(...found)), whole(Math.max(...found)), verdict];
  });
  return aligned([['', 'events/s', 'from', 'to', 'target'], ...rows]);
}

/** What ten stages add to the way from a source to the sink, for one of them. */
async function latencyRow(name: string, make: () => Processor<Event>): Promise<string[]> {
  const most = 10;
  const [none, many] = [await latencies([], 100_000), await latencies(times(most, make), 100_000)];
  const added = [0.5, 0.99].map((share) => (at(many, share) - at(none, share)) / most);
  return [name, ...added.map((us) => us.toFixed(3))];
}

/** Prints what an event costs in the runtime: rates, and the latency that a stage adds. */
export async function benchRuntime(repetitions: number): Promise<void> {
  process.stdout.write(`${cpus()[0]?.model ?? 'CPU'}; events through the runtime alone, median of ${repetitions}\n\n`);
  process.stdout.write(`${await ratesTable(repetitions)}\n\n`);
  await latencies(times(3, noOp), 100_000); // warms up
  const rows = [await latencyRow('synchronous', noOp), await latencyRow('gives a promise', asynchronous)];
  process.stdout.write(`${aligned([['latency added by a stage', 'p50 us', 'p99 us'], ...rows])}\n`);
}
