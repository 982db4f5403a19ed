import type { Consumer } from '../hpc/consumer.js';
import type { ConsumerStats } from '../hpc/consumer-stats.js';
import type { ReportPart, ReportSettings } from '../hpc/schema/run-schema.js';
import { screenLines } from './consumer-screen.js';
import { reportLines } from './plain-report.js';
import { startReports } from './run-reports.js';

/** Shows how a consumer does. */
export function startConsumerReports(consumer: Consumer, settings: ReportSettings): { close(): void } {
  const { consumerId, channels } = consumer.config;
  const title = {
    consumerId,
    inputChannel: channels.input,
    processors: consumer.stages.list.map(({ name }) => name),
    outputChannel: channels.output,
  };
  const view = {
    snapshot: () => consumer.snapshot(),
    screen: screenLines.bind(undefined, title),
    lines: () => {
      consumer.updateStatus();
      return plainReport(consumerId, consumer.stats(), settings.stats);
    },
  };
  return startReports(view, settings);
}

/** The chosen parts of the statistics, one line each. */
export function plainReport(consumerId: number | string, stats: ConsumerStats, parts: readonly ReportPart[]): string[] {
  return reportLines(`consumer ${consumerId}`, stats, parts);
}
