import { checkKeys } from '../../core/check-keys.js';
import { PvaflowError } from '../../core/errors.js';
import { onFullPolicies, type OnFull } from '../../pipeline/bounded-queue.js';
import type { EdgeOptions } from '../../pipeline/edge.js';
import type { PvObject } from '../../pva/pv-object.js';
import { queueLimits } from '../runtime-config.js';

export const stageOrders = ['arrival', 'completion'] as const;
export const errorPolicies = ['soft', 'hard'] as const;

/** How objects go through a place in a chain; it stays when the processor that has the place is replaced. */
export interface StagePlace {
  /** The queue in front; without one the processor before is held back until this one is free. */
  readonly queue?: StageQueue | undefined;
  /** So many promises of `process` may be pending; as the class says if it is not given. */
  readonly concurrency?: number | undefined;
  /** Whether objects leave as they came (`arrival`, the default) or as they are done. */
  readonly order?: (typeof stageOrders)[number] | undefined;
  /** Whether an object on which it fails is counted (`soft`, the default), or the run fails. */
  readonly onError?: (typeof errorPolicies)[number] | undefined;
}

/** The queue in front of a processor. */
export interface StageQueue {
  /** 0: any number. */
  readonly frames: number;
  readonly bytes: number;
  readonly onFull: OnFull;
}

/** The keys of a {@link StagePlace}. */
export const placeKeys = ['queue', 'concurrency', 'order', 'onError'] as const;

/** @throws {PvaflowError} PVAFLOW_OPTION for a key that does not exist, PVAFLOW_CONFIG for a wrong value */
export function checkPlace({ queue, concurrency, order, onError }: StagePlace): void {
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency >= 1))
    throw wrong('concurrency', 'a whole number from 1 on', concurrency);
  if (order !== undefined && !stageOrders.includes(order)) throw wrong('order', stageOrders.join(' or '), order);
  if (onError !== undefined && !errorPolicies.includes(onError))
    throw wrong('onError', errorPolicies.join(' or '), onError);
  if (queue === undefined) return;
  checkKeys('the queue of a processor', queue, ['frames', 'bytes', 'onFull']);
  const { frames, bytes, onFull } = queue;
  if (!Number.isInteger(frames) || frames < 0) throw wrong('queue.frames', 'a whole number from 0 on', frames);
  if (!(bytes > 0)) throw wrong('queue.bytes', 'a number above 0', bytes);
  if (!onFullPolicies.includes(onFull)) throw wrong('queue.onFull', onFullPolicies.join(', '), onFull);
}

/**
 * Refuses that objects overtake each other where their order counts.
 *
 * @param reason why it counts; undefined where it does not
 * @throws {PvaflowError} PVAFLOW_CONFIG
 */
export function refuseOvertaking(places: readonly Pick<StagePlace, 'order'>[], reason: string | undefined): void {
  const at = places.findIndex(({ order }) => order === 'completion');
  if (reason === undefined || at < 0) return;
  throw new PvaflowError(
    'PVAFLOW_CONFIG',
    `processors[${at}].order: completion lets objects overtake each other, and ${reason}: leave it at arrival`,
  );
}

/** Whether objects may overtake each other before they come to a place. */
export function isOvertakenAt(places: readonly Pick<StagePlace, 'order'>[], at: number): boolean {
  return places.slice(0, at).some(({ order }) => order === 'completion');
}

/** @throws {PvaflowError} PVAFLOW_CONFIG when a processor of this class needs objects in their order */
export function refuseOvertaken(type: { readonly name: string; readonly needsOrder?: boolean }): void {
  if (type.needsOrder !== true) return;
  const advice = 'leave `order` of the processors in front of it at arrival';
  throw new PvaflowError('PVAFLOW_CONFIG', `${type.name} needs objects in the order of their ids: ${advice}`);
}

/** The queue as the pipeline makes it. */
export function edgeOf({ queue }: StagePlace): EdgeOptions<PvObject> | undefined {
  if (queue === undefined) return undefined;
  const { frames, bytes, onFull } = queue;
  return { ...queueLimits(frames, bytes), onFull, sizeOf: (object) => object.bytes };
}

function wrong(key: string, expected: string, found: unknown): PvaflowError {
  return new PvaflowError(
    'PVAFLOW_CONFIG',
    `${key} of a processor: expected ${expected}, found ${JSON.stringify(found)}`,
  );
}
