import { setTimeout as sleep } from 'node:timers/promises';
import { countOf, type Count, type Sink, type Source } from './ends.js';
import { cpuMs, peakMb, residentMb } from './usage.js';

/** One window of one running pair. */
export interface Window {
  readonly framesPerSecond: number;
  readonly received: number;
  readonly lost: number;
  /** CPU time of each side, in ms for each frame received. */
  readonly sourceCpu: number;
  readonly sinkCpu: number;
  /** Resident memory of the sink at the end, and the most it ever was, in MB. */
  readonly sinkResident: number;
  readonly sinkPeak: number;
  readonly sourcePeak: number;
}

interface Moment {
  readonly at: number;
  readonly count: Count;
  readonly source: number;
  readonly sink: number;
}

async function now(source: Source, sink: Sink): Promise<Moment> {
  const count = await countOf(sink);
  return { at: performance.now(), count, source: cpuMs(source.peer.pid), sink: cpuMs(sink.peer.pid) };
}

/** Watches a running pair for a while. Frames are lost when ids went by that the sink did not see. */
export async function watch(source: Source, sink: Sink, seconds: number): Promise<Window> {
  const begin = await now(source, sink);
  await sleep(seconds * 1000);
  const end = await now(source, sink);
  const received = end.count.received - begin.count.received;
  return {
    framesPerSecond: (received / (end.at - begin.at)) * 1000,
    received,
    lost: end.count.id - begin.count.id - received,
    sourceCpu: (end.source - begin.source) / received,
    sinkCpu: (end.sink - begin.sink) / received,
    sinkResident: residentMb(sink.peer.pid),
    sinkPeak: peakMb(sink.peer.pid),
    sourcePeak: peakMb(source.peer.pid),
  };
}
