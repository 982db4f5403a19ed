import type { Collector } from '../../hpc/collector/collector.js';
import type { CollectorStats } from '../../hpc/collector/collector-stats.js';
import { LiveDisplay } from '../live-display.js';
import { reportLines } from '../plain-report.js';
import type { CollectorOptions, CollectorReportPart } from './options.js';
import { collectorScreen, type CollectorMoment } from './screen.js';

const DEFAULT_SCREEN_S = 1;

/** Shows how a collector does: figures that are redrawn in a terminal, lines with a period elsewhere. */
export function startCollectorReports(collector: Collector, options: CollectorOptions): { close(): void } {
  const isLive = process.stdout.isTTY && options.disableCurses !== true;
  if (isLive) return startScreen(collector, options);
  if (options.reportPeriod <= 0) return { close: () => {} };
  const timer = setInterval(() => {
    collector.updateStatus();
    const { collectorId } = collector.config;
    process.stdout.write(`${plainReport(collectorId, collector.stats(), options.reportStats).join('\n')}\n`);
  }, options.reportPeriod * 1000);
  return { close: () => clearInterval(timer) };
}

function startScreen(collector: Collector, options: CollectorOptions): { close(): void } {
  const title = {
    collectorId: collector.config.collectorId,
    inputChannel: options.inputChannel,
    processor: collector.stages.list.map(({ name }) => name).join(' → '),
    outputChannel: collector.config.channels.output,
  };
  const display = new LiveDisplay(process.stdout);
  const take = (): CollectorMoment => ({ at: performance.now(), snapshot: collector.snapshot() });
  let before = take();
  const timer = setInterval(
    () => {
      const now = take();
      display.show(collectorScreen(title, before, now, process.stdout.columns));
      before = now;
    },
    (options.reportPeriod > 0 ? options.reportPeriod : DEFAULT_SCREEN_S) * 1000,
  );
  return {
    close: () => {
      clearInterval(timer);
      display.close();
    },
  };
}

/** The chosen parts of the statistics, one line each, and one for each producer. */
export function plainReport(id: number, stats: CollectorStats, parts: readonly CollectorReportPart[]): string[] {
  const { producerStats, metadataStats, ...others } = stats;
  const producers = producerStats.map(
    ({ producerId, ...figures }) => [`producerStats_${producerId}`, figures] as const,
  );
  const metadata = metadataStats.map((each, at) => [`metadataStats_${at + 1}`, each] as const);
  return reportLines(`collector ${id}`, { ...others, ...Object.fromEntries([...producers, ...metadata]) }, parts);
}
