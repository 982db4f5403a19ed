import { plural } from '../../core/figures.js';
import type { InputAlarm } from '../inputs/input-alarm.js';

/** When nothing was finished for so long, nothing moves. */
const STUCK_S = 30;

/** What tells whether a run processes frames, or would if they came. */
export interface Readiness {
  /** `consumer 1`. */
  readonly name: string;
  readonly state: 'starting' | 'running' | 'ending';
  readonly inputAlarm: InputAlarm;
  /** For how long something has been in work without anything coming to its end. */
  readonly stuckSeconds: number;
  readonly inFlight: number;
}

/**
 * Why a run processes no frames at this moment; undefined when it does, or would if they came. What has been in work for long
 * without an end is stuck: in a processor, or behind a subscriber that takes nothing.
 */
export function notReadyBecause({ name, state, inputAlarm, stuckSeconds, inFlight }: Readiness): string | undefined {
  if (state === 'ending') return `${name} is ending`;
  if (state === 'starting') return `${name}: the processor has not started`;
  if (inputAlarm.severity !== 0) return `${name}: ${inputAlarm.message}`;
  if (stuckSeconds < STUCK_S) return undefined;
  const work = `${inFlight} ${plural(inFlight, 'frame')} ${inFlight === 1 ? 'is' : 'are'} in work`;
  return `${name}: ${work}, and none was finished in ${Math.floor(stuckSeconds)} s`;
}
