import type { IdTracker } from '../ids/id-tracker.js';
import type { RejectReason } from './departed.js';

/**
 * Why objects leave the cache: a limit is reached, they have waited too long, all producers have passed their id, they are
 * complete and next, or the cache is emptied.
 */
export const releaseReasons = ['size', 'bytes', 'time', 'watermark', 'complete', 'flush'] as const;
export type ReleaseReason = (typeof releaseReasons)[number];

/**
 * What happens when the cache is full. `wait`: producers that are ahead of others are to be held back, so that what comes from
 * the others is not late. `release`: what has the smallest ids leaves. Nothing is given up by either.
 */
export const cachePolicies = ['wait', 'release'] as const;
export type CachePolicy = (typeof cachePolicies)[number];

/** How much is held, and how long. */
export interface OrderingLimits {
  readonly objects: number;
  readonly bytes: number;
  /** No object waits longer than this, in milliseconds. */
  readonly timeoutMs: number;
}

export interface OrderingOptions<E> {
  readonly producers: readonly number[];
  readonly limits: OrderingLimits;
  readonly onFull: CachePolicy;
  /** Let objects leave as soon as all producers have passed their id: right if each sends its ids in order. */
  readonly watermark: boolean;
  /** How many objects share an id: the tiles of an image. 0: any number. */
  readonly objectsPerId: number;
  /** Names the tile that an object is, if it is one; asked only of objects that share an id. */
  readonly tileOf?: (event: E) => string | undefined;
  /** Notes the ids as they leave: it knows which were missed. */
  readonly ids: IdTracker;
  /** Takes what is turned away. */
  readonly onRejected: (event: E, reason: RejectReason, id: number) => void;
}

/** An object that comes. */
export interface Arrival<E> {
  readonly producer: number;
  readonly id: number;
  readonly event: E;
  readonly bytes: number;
  /** It is the first since its producer came back: a lower id is one of a new counting. */
  readonly isFirst?: boolean;
}

/** Objects that leave together, in order. */
export interface Batch<E> {
  readonly reason: ReleaseReason;
  readonly objects: readonly { readonly id: number; readonly event: E }[];
}

/** What the cache has done. `received = released + late + duplicate + cached` at every moment. */
export interface OrderingFigures {
  received: number;
  released: number;
  cached: number;
  late: number;
  duplicate: number;
  /** Objects that share id and producer with another without saying which tile they are: kept together with it. */
  repeated: number;
  /** Ids that left before all their tiles had come; known if the number of tiles is. */
  incomplete: number;
  /** How often the producers began to count anew. */
  restarts: number;
  /** How many objects left for which reason. */
  releasedBy: Record<ReleaseReason, number>;
}

/** Nothing has come so far. */
export function newCounts(): Omit<OrderingFigures, 'cached' | 'restarts'> {
  const releasedBy = Object.fromEntries(releaseReasons.map((reason) => [reason, 0])) as Record<ReleaseReason, number>;
  return { received: 0, released: 0, late: 0, duplicate: 0, repeated: 0, incomplete: 0, releasedBy };
}
