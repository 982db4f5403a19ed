import { imbalanceOf, type AccountFigures } from './account.js';
import type { BoundedQueue, QueueCounters } from './bounded-queue.js';
import type { Chain } from './chain.js';
import type { Ledger } from './ledger.js';
import { OUTPUT } from './output.js';
import type { Receiver } from './receiver.js';
import type { Stage } from './stage.js';
import type { Throttles } from './throttles.js';

/** `received = delivered + dropped + length` */
export interface QueueFigures extends QueueCounters {
  length: number;
  bytes: number;
  /** How many events it holds at most. */
  limit: number;
}

/**
 * About the events a stage was given: `received = processed + filtered + rejected + failed + inFlight`. What it handed on is
 * another matter: `emitted` may be more than `processed` (a generator), or less (a join), and is what the next link receives.
 */
export interface StageFigures extends AccountFigures {
  name: string;
  /** How many of the received did not come from the link before. */
  injected: number;
  /** Events handed to the next link. */
  emitted: number;
  /** How many of those in flight a holding processor keeps. */
  held: number;
  /** Time from an event's arrival until the processor gave something, of one event in eight. */
  p50Ms: number;
  p99Ms: number;
  /**
   * How much of the time since the start events spent in the processor: of one that gives no promises, its share of the thread;
   * of others, how many events it was at work on, in the mean.
   */
  share: number;
}

/**
 * The figures of a pipeline at one moment. Those of the whole are about its inputs, what came from the sources and what was
 * injected, whatever was made of them: an input is processed when all that was made of it is settled, and something of it has
 * come out; failed or rejected if something of it was; filtered if nothing of it came out.
 */
export interface PipelineStats extends AccountFigures {
  /** How many of the received came from no source. */
  injected: number;
  /** The queues of all sources together. */
  queue: QueueFigures;
  sources: (QueueFigures & { name: string })[];
  stages: StageFigures[];
  /** The sink, seen as a stage; absent if there is nothing to write to. */
  output?: StageFigures;
  /** The queues between stages, by the name of the stage behind. */
  edges: (QueueFigures & { name: string })[];
  /** For how long each throttle has held the sources back. */
  throttles: Record<string, { isOn: boolean; ms: number }>;
  /** Milliseconds for which the output, not a processor, held the chain back. */
  waitedMs: number;
}

/** What the figures are taken from. */
export interface Counted<E> {
  readonly ledger: Ledger<E>;
  readonly receivers: readonly Receiver<E>[];
  readonly chain: Chain<E>;
  readonly output: Stage<E> | undefined;
  readonly throttles: Throttles;
  readonly inFlight: number;
  /** Since the start, or since counts began anew. */
  readonly elapsedMs: number;
}

export function pipelineStats<E>(counted: Counted<E>): PipelineStats {
  const { ledger, receivers, chain, output, elapsedMs, inFlight } = counted;
  const sources = receivers.map(({ name, queue }) => ({ name, ...queueFigures(queue) }));
  const stages = chain.stages.filter((stage) => stage !== output);
  const throttles = counted.throttles.figures();
  return {
    ...ledger.account.figures(inFlight),
    injected: ledger.injected,
    queue: total(sources),
    sources,
    stages: stages.map((stage) => stageFigures(stage, elapsedMs)),
    ...(output === undefined ? {} : { output: stageFigures(output, elapsedMs) }),
    edges: chain.edges.map(({ name, queue }) => ({ name, ...queueFigures(queue) })),
    throttles,
    waitedMs: throttles[OUTPUT]?.ms ?? 0,
  };
}

/** What is wrong with the accounts; nothing, at every moment. */
export function imbalanceIn<E>(counted: Counted<E>): string | undefined {
  const { sources, edges, stages, output, ...whole } = pipelineStats(counted);
  const all = output === undefined ? stages : [...stages, output];
  const delivered = sources.reduce((sum, source) => sum + source.delivered, 0);
  const wrongs = [
    named('the pipeline', imbalanceOf(whole)),
    ...all.map((stage) => named(stage.name, imbalanceOf(stage))),
    ...sources.map((source) => named(`the queue of ${source.name}`, queueImbalance(source))),
    ...edges.map((edge) => named(`the queue in front of ${edge.name}`, queueImbalance(edge))),
    counted.chain.imbalance(),
    delivered === counted.chain.emitted
      ? undefined
      : `${delivered} events left the sources, ${counted.chain.emitted} came in`,
  ];
  return wrongs.find((wrong) => wrong !== undefined);
}

function queueFigures({ counters, length, bytes, limits }: BoundedQueue<unknown>): QueueFigures {
  return { ...counters, length, bytes, limit: limits.items };
}

function total(queues: readonly QueueFigures[]): QueueFigures {
  const sum = (of: (queue: QueueFigures) => number) => queues.reduce((all, queue) => all + of(queue), 0);
  return {
    received: sum(({ received }) => received),
    delivered: sum(({ delivered }) => delivered),
    dropped: sum(({ dropped }) => dropped),
    length: sum(({ length }) => length),
    bytes: sum(({ bytes }) => bytes),
    limit: sum(({ limit }) => limit),
  };
}

function stageFigures<E>(stage: Stage<E>, elapsedMs: number): StageFigures {
  const { name, counts, held } = stage;
  const { latency, injected, emitted } = counts;
  return {
    name,
    ...counts.figures(counts.inFlight),
    injected,
    emitted,
    held,
    p50Ms: latency.quantile(0.5),
    p99Ms: latency.quantile(0.99),
    share: elapsedMs > 0 ? counts.totalMs / elapsedMs : 0,
  };
}

function queueImbalance({ received, delivered, dropped, length }: QueueFigures): string | undefined {
  if (received === delivered + dropped + length) return undefined;
  return `received ${received} is not delivered ${delivered} + dropped ${dropped} + queued ${length}`;
}

function named(what: string, wrong: string | undefined): string | undefined {
  return wrong === undefined ? undefined : `${what}: ${wrong}`;
}
