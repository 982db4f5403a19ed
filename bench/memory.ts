import { setTimeout as sleep } from 'node:timers/promises';
import { countOf } from './ends.js';
import type { Pair } from './pairs.js';
import type { Size } from './sizes.js';
import { residentMb } from './usage.js';

/** Resident memory of a sink, watched each second after a settling time, in MB. */
export interface MemoryRun {
  readonly seconds: number;
  readonly frames: number;
  readonly smallest: number;
  readonly largest: number;
  readonly limit: number;
  /** The last third is no larger than the first, but for a tenth. */
  readonly flat: boolean;
  readonly samples: readonly number[];
}

const SETTLE_SECONDS = 3;
const LIMIT_MB = 250;

function isFlat(samples: readonly number[]): boolean {
  const third = Math.ceil(samples.length / 3);
  return Math.max(...samples.slice(-third)) <= Math.max(...samples.slice(0, third)) * 1.1;
}

/** Runs a pair at full rate for a while. */
export async function watchMemory(pair: Pair, size: Size, seconds: number): Promise<MemoryRun> {
  const source = await pair.source.start(size);
  try {
    const sink = await pair.sink.start(source, size);
    try {
      await sleep(SETTLE_SECONDS * 1000);
      const before = await countOf(sink);
      const samples: number[] = [];
      for (let second = 0; second < seconds; second++) {
        await sleep(1000);
        samples.push(residentMb(sink.peer.pid));
      }
      const frames = (await countOf(sink)).received - before.received;
      const [smallest, largest] = [Math.min(...samples), Math.max(...samples)];
      return { seconds, frames, smallest, largest, limit: LIMIT_MB, flat: isFlat(samples), samples };
    } finally {
      await sink.peer.stop();
    }
  } finally {
    await source.peer.stop();
  }
}
