/** When what happened, in seconds since 1970; 0 for what has not happened. */
export interface RunTimes {
  startTime: number;
  endTime: number;
  firstObjectTime: number;
  lastObjectTime: number;
  lastObjectId: number | undefined;
  /** The same by a clock that nobody sets, from which the time between two of these is known. */
  readonly steady: { start: number; end: number; firstObject: number; lastObject: number };
}

/** How long the run has lasted, or did last, in seconds. */
export function runtimeOf({ endTime, steady }: RunTimes): number {
  return (endTime > 0 ? steady.end : steadyNow()) - steady.start;
}

/** The time from the first object to the last, in seconds. */
export function receivingTimeOf({ steady }: RunTimes): number {
  return steady.lastObject - steady.firstObject;
}

/** Seconds by the clock that nobody sets. */
export function steadyNow(): number {
  return performance.now() / 1000;
}

/** Of a run that begins now. */
export function newTimes(): RunTimes {
  return {
    ...{ startTime: Date.now() / 1000, endTime: 0, firstObjectTime: 0, lastObjectTime: 0, lastObjectId: undefined },
    steady: { start: steadyNow(), end: 0, firstObject: 0, lastObject: 0 },
  };
}
