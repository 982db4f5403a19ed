import { checkKeys } from '../core/check-keys.js';
import { type DistributorOptions, distributorFieldOptions } from './distributor-options.js';
import { checkOnFull, type OnFull } from './on-full.js';
import type { NativeMonitorOptions } from './native.js';
import { checkInteger } from './options.js';
import { PvRequest, type PvRequestOptions } from './pv-request.js';

/** The queue between the network and whoever takes updates. It is full when it has reached either limit. */
export interface QueueOptions {
  /** Default: 64. */
  readonly frames?: number;
  /** Bytes of memory, about. Default: 256 MiB. */
  readonly bytes?: number;
  /**
   * `wait`: updates stay with PVXS; with a pipeline the server then waits and nothing is lost, without one PVXS squashes,
   * which is counted. `dropOldest`, `dropNewest`: counted. Default: wait.
   */
  readonly onFull?: OnFull;
}

export interface MonitorOptions {
  /** Which fields, and with which options. What is given beside it is added and wins. */
  readonly request?: string | PvRequest;
  /** Paths of fields. */
  readonly fields?: readonly string[];
  /** Updates that may be under way: the window of a pipeline, or PVXS' queue. Default: 16. */
  readonly queueSize?: number;
  /**
   * Let the server send only what there is room for. By default the server is asked what it is when the channel is connected
   * first, and gets a pipeline if it is on PVXS (ours, p4p's, QSRV 2). Others get none: those on pvDatabase (pvaPy's,
   * areaDetector's) accept one, then repeat updates and can die of it. The decision stands for the life of the subscription,
   * even if another kind of server takes over the name. See SubscriptionStats.
   */
  readonly pipeline?: boolean;
  /** More options of `record[…]`. */
  readonly recordOptions?: PvRequestOptions;
  /** More options of `field(_[…])`, such as those of a data distributor. */
  readonly fieldOptions?: PvRequestOptions;
  /** Share the updates with other clients. */
  readonly distributor?: DistributorOptions;
  readonly queue?: QueueOptions;
  /**
   * A connection and a thread for this monitor alone, which read frames straight to where JavaScript sees them: the choice for
   * a stream of images. Others share the connection that the client has to a server. Not on Windows. Default: false.
   */
  readonly dedicated?: boolean;
}

const DEFAULT_QUEUE_SIZE = 16;
const DEFAULT_FRAMES = 64;
const DEFAULT_BYTES = 256 * 1024 * 1024;

/** The request of a monitor, silent about a pipeline if `options` are. Throws PVAFLOW_OPTION or PVAFLOW_REQUEST naming what is wrong. */
export function monitorRequest(options: MonitorOptions): PvRequest {
  checkKeys('monitor', options, [
    'request',
    'fields',
    'queueSize',
    'pipeline',
    'recordOptions',
    'fieldOptions',
    'distributor',
    'queue',
    'dedicated',
  ]);
  checkInteger('monitor: queueSize', options.queueSize, 2, 2 ** 31 - 1);
  const request = PvRequest.of(options.request);
  const given = request.recordOptions;
  const queueSize = options.queueSize ?? given.queueSize ?? DEFAULT_QUEUE_SIZE;
  const pipeline = options.pipeline ?? given['pipeline'];
  return request.with({
    fields: options.fields ?? [],
    recordOptions: { queueSize, ...(pipeline !== undefined && { pipeline }), ...options.recordOptions },
    fieldOptions: { ...options.fieldOptions, ...(options.distributor && distributorFieldOptions(options.distributor)) },
  });
}

/** What the native monitor is made with: the limits of its queue, and how it is connected. Throws PVAFLOW_OPTION naming what is wrong. */
export function nativeOptions({ queue = {}, dedicated = false }: MonitorOptions): NativeMonitorOptions {
  checkKeys('monitor: queue', queue, ['frames', 'bytes', 'onFull']);
  const { frames = DEFAULT_FRAMES, bytes = DEFAULT_BYTES, onFull = 'wait' } = queue;
  checkInteger('monitor: queue.frames', frames, 1);
  checkInteger('monitor: queue.bytes', bytes, 1);
  checkOnFull('monitor: queue.onFull', onFull);
  return { frames, bytes, onFull, dedicated };
}
