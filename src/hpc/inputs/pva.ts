import type { PvaClient } from '../../pva/client.js';
import type { QueueOptions } from '../../pva/monitor-options.js';
import type { Subscription } from '../../pva/subscription.js';
import type { InputConfig, InputMode } from './input.js';
import { MonitorSource } from './monitor-source.js';
import { requestedFields } from './requested-fields.js';

/**
 * What a subscription holds between two turns of the event loop. It waits, whatever the policy of the receiver queue: what is
 * given up is given up there, where its id is known. A server that cannot wait loses frames when this is full, and what the
 * network holds: so it takes a second of most streams, in memory that a detector's machine can spare, and as many frames as the
 * user asked for, whatever their size.
 */
function transportQueue(serverQueueSize: number): QueueOptions {
  if (serverQueueSize > 0) return { frames: serverQueueSize, bytes: 2 ** 31, onFull: 'wait' };
  return { frames: 4096, bytes: 64 * 2 ** 20, onFull: 'wait' };
}

/** Subscribes to the channel of a pvAccess server. A distributor sends all fields: pvaPy's does not know of any others. */
export function subscribe(client: PvaClient, config: InputConfig): Subscription {
  const { distributor } = config;
  const fields = distributor ? [] : requestedFields(config.fieldRequest, config.objectIdField);
  return client.monitor(config.channel, {
    ...(fields.length > 0 ? { fields } : {}),
    ...(config.serverQueueSize > 0 ? { queueSize: config.serverQueueSize } : {}),
    ...(distributor ? { distributor } : {}),
    queue: config.queue ?? transportQueue(config.serverQueueSize),
    dedicated: true,
  });
}

/** The updates of a pvAccess channel. */
export const pvaInput: InputMode = {
  args: {},
  showsPresentValue: true,
  open: ({ config, client, intake, logger, onConnection, persists, onEnd }) =>
    new MonitorSource({
      subscribe: () => subscribe(client(), config),
      channel: config.channel,
      intake,
      logger,
      onConnection,
      persists,
      onEnd,
      overruns: squashed,
      remark: cannotWait,
      describeSearch: () => client().describeSearch(),
    }),
};

function cannotWait(subscription: Subscription): string | undefined {
  if (subscription.stats().pipeline !== false) return undefined;
  return 'its server does not wait: frames for which the queues have no room are lost, and counted as missed';
}

/** Updates that the server squashed, or the client library did. */
function squashed(subscription: Subscription): number {
  const { overruns, clientSquashed } = subscription.stats();
  return overruns + clientSquashed;
}
