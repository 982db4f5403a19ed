import { setTimeout as sleep } from 'node:timers/promises';
import { countOf, type Count, type Sink, type Source } from '../ends.js';
import { SETTLE_MS } from '../search.js';
import type { Size } from '../sizes.js';
import { cpuMs } from '../usage.js';

/** One channel and several programs that take from it. */
export interface CrewKind {
  readonly name: string;
  readonly sinks: number;
  /** By how much ids grow from one frame of a sink to the next. */
  readonly step: number;
  /** The source sends only what all can take. Otherwise the highest rate without loss is searched. */
  readonly waits: boolean;
  /** It is to be so many times as fast as the first one. */
  readonly target?: number;
  startSource(size: Size): Promise<Source>;
  startSink(source: Source, size: Size, number: number): Promise<Sink>;
}

/** One window of a running crew. */
export interface CrewWindow {
  /** Received by all together. */
  readonly framesPerSecond: number;
  readonly lost: number;
  /** CPU time in ms for each frame received, of the source and of a sink. */
  readonly sourceCpu: number;
  readonly sinkCpu: number;
  /** Cores that the source used. */
  readonly sourceCores: number;
}

export class Crew implements AsyncDisposable {
  private constructor(
    readonly kind: CrewKind,
    readonly source: Source,
    readonly sinks: readonly Sink[],
  ) {}

  /** Starts the source, then its sinks, which begin to count when all are there. */
  static async start(kind: CrewKind, size: Size): Promise<Crew> {
    const source = await kind.startSource(size);
    const sinks: Sink[] = [];
    const crew = new Crew(kind, source, sinks);
    try {
      const starting = Array.from({ length: kind.sinks }, (_, index) => kind.startSink(source, size, index + 1));
      for (const started of await Promise.allSettled(starting)) {
        if (started.status === 'rejected') throw started.reason as Error;
        sinks.push(started.value);
      }
      return crew;
    } catch (error) {
      await crew[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Watches it for a while at a rate. */
  async watch(rate: number, seconds: number): Promise<CrewWindow> {
    this.source.setRate?.(rate);
    await sleep(SETTLE_MS);
    const begin = await this.now();
    await sleep(seconds * 1000);
    const end = await this.now();
    const shares = end.counts.map((count, index) => shareOf(begin.counts[index], count, this.kind.step));
    const received = shares.reduce((sum, share) => sum + share.received, 0);
    const elapsed = end.at - begin.at;
    return {
      framesPerSecond: (received / elapsed) * 1000,
      lost: shares.reduce((sum, share) => sum + share.lost, 0),
      sourceCpu: (end.source - begin.source) / received,
      sinkCpu: (end.sinks - begin.sinks) / received,
      sourceCores: (end.source - begin.source) / elapsed,
    };
  }

  private async now() {
    const counts = await Promise.all(this.sinks.map(countOf));
    const sinks = this.sinks.reduce((sum, { peer }) => sum + cpuMs(peer.pid), 0);
    return { at: performance.now(), counts, source: cpuMs(this.source.peer.pid), sinks };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.sinks.map(({ peer }) => peer.stop()));
    await this.source.peer.stop();
  }
}

/** Frames are lost when ids of a sink's turns went by that it did not see. */
function shareOf(begin: Count | undefined, end: Count, step: number): { received: number; lost: number } {
  const received = end.received - (begin?.received ?? 0);
  return { received, lost: Math.max(0, (end.id - (begin?.id ?? 0)) / step - received) };
}
