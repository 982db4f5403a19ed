import { getLogger } from '../../core/logger.js';
import type { ConsumerConfig } from '../../hpc/consumer-config.js';
import { Consumers } from '../../hpc/consumers/consumers.js';
import type { ConsumerOptions } from '../consumer-options.js';
import { reportError } from '../exit.js';
import { serveMetrics } from '../metrics-options.js';
import { stopRequests } from '../stop-requests.js';
import { conclude } from './conclude.js';
import { startReports } from './reports.js';

/** A server that has not answered in this time is mentioned. */
const WAITING_S = 5;

const RESTART_WINDOW_S = 3600;

/** Runs several consumers until they are stopped, the time is over, or all have ended. */
export async function runConsumers(configs: readonly ConsumerConfig[], options: ConsumerOptions): Promise<void> {
  const { maxRestarts: restarts } = options;
  using stop = stopRequests();
  const consumers = new Consumers({
    configs,
    inThreads: options.threads,
    sharesStream: sharesStream(options),
    ...(restarts >= 0 ? { restart: { limit: { restarts, seconds: RESTART_WINDOW_S } } } : {}),
  });
  await using _metrics = await serveMetrics(options, ...consumers.metricsSources()).catch(async (error: unknown) => {
    await consumers.drain();
    throw error;
  });
  await Promise.race([consumers.ready(), stop.requested]);
  const waiting = setTimeout(() => mentionAbsence(consumers), WAITING_S * 1000);
  const reports = startReports(consumers, options);
  try {
    await Promise.race([consumers.ended, stop.requested, runtimeOver(options.runtime)]);
  } catch (error) {
    reportError(error);
  } finally {
    clearTimeout(waiting);
    reports.close();
    getLogger('consumers').info('stopping');
    await consumers.drain();
  }
  conclude(consumers, options);
}

/** Whether a distributor gives each frame to one of these consumers alone, as far as the options tell. */
function sharesStream(options: ConsumerOptions): boolean {
  const { distributorGroup, distributorUpdates, distributorTrigger, distributorSet, nDistributorSets } = options;
  const isDistributed = [distributorGroup, distributorUpdates, distributorTrigger].some((each) => each !== undefined);
  const isOneGroup = distributorSet === undefined && nDistributorSets === 1 && options.oidOffset === 0;
  return isDistributed && isOneGroup && !options.inputChannel.includes('*');
}

function runtimeOver(seconds: number): Promise<void> {
  if (seconds <= 0) return new Promise(() => {});
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000).unref());
}

function mentionAbsence(consumers: Consumers): void {
  for (const { channel, consumerIds, search } of consumers.unconnected()) {
    const who = `consumer${consumerIds.length > 1 ? 's' : ''} ${consumerIds.join(', ')}`;
    getLogger('consumers').warn(
      `${who} waiting for ${channel}: no server answered in ${WAITING_S} s (${search}). Still trying; pvaflow list shows what is served.`,
    );
  }
}
