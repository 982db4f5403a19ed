import type { Window } from './measure.js';
import type { Pair } from './pairs.js';
import type { Size } from './sizes.js';

/** What one pair came to at one size: medians of its repetitions. */
export interface Result {
  readonly pair: Pair;
  readonly size: Size;
  readonly repetitions: number;
  readonly median: Window;
  /** Lowest and highest rate of a repetition. */
  readonly range: readonly [number, number];
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

export function resultOf(pair: Pair, size: Size, windows: readonly Window[]): Result {
  const middle = (field: keyof Window) => median(windows.map((window) => window[field]));
  const rates = windows.map(({ framesPerSecond }) => framesPerSecond);
  return {
    pair,
    size,
    repetitions: windows.length,
    median: {
      framesPerSecond: middle('framesPerSecond'),
      received: middle('received'),
      lost: Math.max(...windows.map(({ lost }) => lost)),
      sourceCpu: middle('sourceCpu'),
      sinkCpu: middle('sinkCpu'),
      sinkResident: middle('sinkResident'),
      sinkPeak: Math.max(...windows.map(({ sinkPeak }) => sinkPeak)),
      sourcePeak: Math.max(...windows.map(({ sourcePeak }) => sourcePeak)),
    },
    range: [Math.min(...rates), Math.max(...rates)],
  };
}
