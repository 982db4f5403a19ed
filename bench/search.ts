import { setTimeout as sleep } from 'node:timers/promises';
import type { Sink, Source } from './ends.js';
import { watch, type Window } from './measure.js';
import type { Pair } from './pairs.js';
import type { Size } from './sizes.js';

export const SETTLE_MS = 300;
const STEPS = 6;
const BACK_OFF = 0.95;
const ATTEMPTS = 8;

/** How long to look: at each step of a search, and at its result. */
export interface Durations {
  readonly probe: number;
  readonly result: number;
}

/** What was seen at a rate; 0 is as fast as possible. */
interface Seen {
  readonly framesPerSecond: number;
  readonly lost: number;
}

export type Probe<W extends Seen> = (rate: number, seconds: number) => Promise<W>;

/**
 * The highest rate without loss of a pair whose source does not wait. As fast as possible first: what arrives then is the
 * upper bound. Bisection below it with short windows, then a longer one at what was found; while that loses, 5 % less.
 */
export async function searchRate<W extends Seen>(
  probe: Probe<W>,
  { probe: short, result: long }: Durations,
): Promise<W> {
  const fastest = await probe(0, short);
  if (fastest.lost === 0) {
    const confirmed = await probe(0, long);
    if (confirmed.lost === 0) return confirmed;
  }
  let low = fastest.framesPerSecond / 8;
  let high = fastest.framesPerSecond * 1.1;
  for (let step = 0; step < STEPS; step++) {
    const rate = Math.sqrt(low * high);
    const { lost } = await probe(rate, short);
    if (lost === 0) low = rate;
    else high = rate;
  }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++, low *= BACK_OFF) {
    const confirmed = await probe(low, long);
    if (confirmed.lost === 0) return confirmed;
  }
  throw new Error(`no rate without loss was found down to ${low.toFixed(0)} frames/s`);
}

async function probeAt(source: Source, sink: Sink, rate: number, seconds: number): Promise<Window> {
  source.setRate?.(rate);
  await sleep(SETTLE_MS);
  return watch(source, sink, seconds);
}

/** Starts a pair, finds its highest rate without loss, and ends it. */
export async function highestRate(pair: Pair, size: Size, durations: Durations): Promise<Window> {
  const source = await pair.source.start(size);
  try {
    const sink = await pair.sink.start(source, size);
    try {
      const probe: Probe<Window> = (rate, seconds) => probeAt(source, sink, rate, seconds);
      return pair.waits ? await probe(0, durations.result) : await searchRate(probe, durations);
    } finally {
      for (const peer of [sink.peer, ...(sink.before ?? [])]) await peer.stop();
    }
  } finally {
    await source.peer.stop();
  }
}
