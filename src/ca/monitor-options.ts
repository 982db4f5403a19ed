import { checkKeys } from '../core/check-keys.js';
import type { NativeMonitorOptions } from '../pva/native-client.js';
import { checkOnFull } from '../pva/on-full.js';
import { badOption, checkInteger } from '../pva/options.js';

/** How the value of a channel is shown. */
export interface CaShowOptions {
  /**
   * Whether an array of characters is one text. Default: for names that end in `$`, with which an IOC is asked for a long
   * string.
   */
  readonly longString?: boolean;
}

/** The queue between the network and whoever takes updates. It is full when it has reached either limit. */
export interface CaQueueOptions {
  /** Default: 64. */
  readonly frames?: number;
  /** Bytes of memory, about. Default: 256 MiB. */
  readonly bytes?: number;
  /** Both are counted. Servers of Channel Access do not wait for a client, so `wait` is no choice. Default: dropOldest. */
  readonly onFull?: 'dropOldest' | 'dropNewest';
}

export interface CaMonitorOptions extends CaShowOptions {
  readonly queue?: CaQueueOptions;
}

const DEFAULT_FRAMES = 64;
const DEFAULT_BYTES = 256 * 1024 * 1024;

/** Whether a channel is shown as one text. */
export function isLongString(name: string, { longString }: CaShowOptions): boolean {
  return longString ?? name.endsWith('$');
}

/** The limits of the native queue. Throws PVAFLOW_OPTION naming what is wrong. */
export function queueLimits({ queue = {} }: CaMonitorOptions): NativeMonitorOptions {
  checkKeys('monitor: queue', queue, ['frames', 'bytes', 'onFull']);
  const { frames = DEFAULT_FRAMES, bytes = DEFAULT_BYTES, onFull = 'dropOldest' } = queue;
  checkInteger('monitor: queue.frames', frames, 1);
  checkInteger('monitor: queue.bytes', bytes, 1);
  checkOnFull('monitor: queue.onFull', onFull);
  if ((onFull as string) === 'wait')
    throw badOption('monitor: queue.onFull cannot be wait: servers of Channel Access do not wait for a client');
  return { frames, bytes, onFull };
}
