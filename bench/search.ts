import { setTimeout as sleep } from 'node:timers/promises';
import type { Sink, Source } from './ends.js';
import { watch, type Window } from './measure.js';
import type { Pair } from './pairs.js';
import type { Size } from './sizes.js';

export const SETTLE_MS = 300;
/** For JavaScript to be compiled, and queues to fill. */
const WARM_UP_MS = 2000;
const STEPS = 4;
const GROWTH = 1.3;
const BACK_OFF = 0.9;
const ATTEMPTS = 16;

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

/** On a shared machine one loss may be another program's: a rate loses when it does so twice. */
async function loses(probe: Probe<Seen>, rate: number, seconds: number): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    const { lost } = await probe(rate, seconds);
    if (lost === 0) return false;
  }
  return true;
}

/** A rate without loss and one with, not far above what arrives when the source is as fast as it can. */
async function bracket(probe: Probe<Seen>, arrives: number, seconds: number): Promise<[number, number]> {
  let low = arrives / 8;
  let high = arrives;
  while (!(await loses(probe, high, seconds))) {
    low = high;
    high *= GROWTH; // a source that floods takes the time from its sink: less than it sends at may arrive
  }
  return [low, high];
}

/**
 * The highest rate without loss of a pair whose source does not wait: bisection with short windows, then a longer one at what
 * was found; while that loses, 10 % less.
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
  let [low, high] = await bracket(probe, fastest.framesPerSecond, short);
  for (let step = 0; step < STEPS; step++) {
    const rate = Math.sqrt(low * high);
    if (await loses(probe, rate, short)) high = rate;
    else low = rate;
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
      await sleep(WARM_UP_MS);
      const probe: Probe<Window> = (rate, seconds) => probeAt(source, sink, rate, seconds);
      return pair.waits ? await probe(0, durations.result) : await searchRate(probe, durations);
    } finally {
      for (const peer of [sink.peer, ...(sink.before ?? [])]) await peer.stop();
    }
  } finally {
    await source.peer.stop();
  }
}
