import type { Consumer } from '../hpc/consumer.js';
import type { ConsumerStats } from '../hpc/consumer-stats.js';
import type { ChannelStats } from '../hpc/channel-stats.js';
import type { ReportPart, ReportSettings } from '../hpc/schema/run-schema.js';
import { screenLines, type TimedSnapshot } from './consumer-screen.js';
import { LiveDisplay } from './live-display.js';
import { reportLines } from './plain-report.js';

const DEFAULT_SCREEN_S = 1;

/** Shows how a consumer does: figures that are redrawn in a terminal, lines with a period elsewhere. */
export function startConsumerReports(consumer: Consumer, { period, stats, plain }: ReportSettings): { close(): void } {
  const isLive = process.stdout.isTTY && !plain;
  if (isLive) return startScreen(consumer, period > 0 ? period : DEFAULT_SCREEN_S);
  if (period <= 0) return { close: () => {} };
  const timer = setInterval(() => {
    consumer.updateStatus();
    process.stdout.write(`${plainReport(consumer.config.consumerId, consumer.stats(), stats).join('\n')}\n`);
  }, period * 1000);
  return { close: () => clearInterval(timer) };
}

function startScreen(consumer: Consumer, seconds: number): { close(): void } {
  const { consumerId, channels } = consumer.config;
  const title = {
    consumerId,
    inputChannel: channels.input,
    processor: consumer.stages.list.map(({ name }) => name).join(' → '),
    outputChannel: channels.output,
  };
  const display = new LiveDisplay(process.stdout);
  const take = (): TimedSnapshot => ({ at: performance.now(), snapshot: consumer.snapshot() });
  let before = take();
  const timer = setInterval(() => {
    const now = take();
    display.show(screenLines(title, before, now, process.stdout.columns));
    before = now;
  }, seconds * 1000);
  return {
    close: () => {
      clearInterval(timer);
      display.close();
    },
  };
}

/** The chosen parts of the statistics, one line each. */
export function plainReport(consumerId: number, stats: ConsumerStats, parts: readonly ReportPart[]): string[] {
  const { metadataStats, ...others } = stats;
  const metadata = metadataStats.map((each, i) => [`metadataStats_${i + 1}`, metadataFigures(each)] as const);
  return reportLines(`consumer ${consumerId}`, { ...others, ...Object.fromEntries(metadata) }, parts);
}

function metadataFigures({ receiverStats, queueStats, ...head }: ChannelStats): object {
  const { nDelivered, nQueued } = queueStats; // the others are those of the receiver
  return { ...head, ...receiverStats, nDelivered, nQueued };
}
