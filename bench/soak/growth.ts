/** A figure over time: hours since the beginning, and its values. */
export interface Series {
  readonly hours: number[];
  readonly values: number[];
}

/** How a figure went after it had settled. */
export interface Growth {
  readonly first: number;
  readonly last: number;
  /** Per hour; the median of the slopes between all pairs of points, which single peaks do not move (Theil and Sen). */
  readonly perHour: number;
}

/** Collectors and allocators let figures swing: their low points say what is kept. So many samples make one point. */
const SAMPLES_PER_POINT = 6;
/** This share of the time is warming up. */
const WARM_UP = 0.4;
const FEWEST_POINTS = 4;

/** Undefined when there is too little to tell. */
export function growthOf({ hours, values }: Series): Growth | undefined {
  const from = Math.floor(values.length * WARM_UP);
  const points: { at: number; low: number }[] = [];
  for (let at = from; at + SAMPLES_PER_POINT <= values.length; at += SAMPLES_PER_POINT)
    points.push({ at: hours[at] ?? 0, low: Math.min(...values.slice(at, at + SAMPLES_PER_POINT)) });
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || points.length < FEWEST_POINTS) return undefined;
  return { first: first.low, last: last.low, perHour: medianSlope(points) };
}

function medianSlope(points: readonly { readonly at: number; readonly low: number }[]): number {
  const slopes = points.flatMap((a, i) => points.slice(i + 1).map((b) => (b.low - a.low) / (b.at - a.at)));
  slopes.sort((a, b) => a - b);
  return slopes[slopes.length >> 1] ?? 0;
}
