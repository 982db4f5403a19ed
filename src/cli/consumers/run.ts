import { getLogger } from '../../core/logger.js';
import type { ConsumerConfig } from '../../hpc/consumer-config.js';
import { Consumers } from '../../hpc/consumers/consumers.js';
import type { ConsumerSettings } from '../../hpc/schema/consumer-schema.js';
import type { RestartPolicy } from '../../supervisor/backoff.js';
import { reportError } from '../exit.js';
import { serveMetrics } from '../metrics-options.js';
import { runtimeOver } from '../runtime-over.js';
import { stopRequests } from '../stop-requests.js';
import { REMARK_AFTER_S, stillWaiting } from '../waiting.js';
import { conclude } from './conclude.js';
import { startReports } from './reports.js';

const RESTART_WINDOW_S = 3600;

/** Runs several consumers until they are stopped, the time is over, or all have ended. */
export async function runConsumers(configs: readonly ConsumerConfig[], settings: ConsumerSettings): Promise<void> {
  const { threads, report, runtime } = settings;
  using stop = stopRequests();
  const consumers = new Consumers({
    configs,
    inThreads: threads,
    sharesStream: sharesStream(settings),
    restart: restartLimit(settings),
    stallTimeout: settings.stallTimeout,
  });
  await using _metrics = await serveMetrics(settings, ...consumers.metricsSources()).catch(async (error: unknown) => {
    await consumers.drain();
    throw error;
  });
  await Promise.race([consumers.ready(), stop.requested]);
  const waiting = setTimeout(() => mentionAbsence(consumers), REMARK_AFTER_S * 1000);
  const reports = startReports(consumers, settings);
  try {
    await Promise.race([consumers.ended, stop.requested, runtimeOver(runtime)]);
  } catch (error) {
    reportError(error);
  } finally {
    clearTimeout(waiting);
    reports.close();
    getLogger('consumers').info('stopping');
    await consumers.drain();
  }
  conclude(consumers, report);
}

/** When one that crashes is given up. */
export function restartLimit({ maxRestarts: restarts }: ConsumerSettings): Partial<RestartPolicy> {
  return restarts >= 0 ? { limit: { restarts, seconds: RESTART_WINDOW_S } } : {};
}

/** Whether a distributor gives each frame to one of these consumers alone, as far as the settings tell. */
function sharesStream({ distribute, input }: ConsumerSettings): boolean {
  if (distribute === undefined || input.channel.includes('*')) return false;
  return distribute.set === undefined && distribute.mode !== 'all' && distribute.sets === 1 && input.idOffset === 0;
}

function mentionAbsence(consumers: Consumers): void {
  for (const { consumerIds, search, ...unanswered } of consumers.unanswered()) {
    const who = `consumer${consumerIds.length > 1 ? 's' : ''} ${consumerIds.join(', ')}`;
    getLogger('consumers').warn(`${who} ${stillWaiting(unanswered, search)}`);
  }
}
