import type { Collector } from '../../hpc/collector/collector.js';
import { reportLines } from '../plain-report.js';
import type { ReportSettings } from '../../hpc/schema/run-schema.js';
import { startReports } from '../run-reports.js';
import { collectorScreen } from './screen.js';

/**
 * Shows how a collector does.
 *
 * @param inputChannel as the user named it, with a `*` for the producers
 */
export function startCollectorReports(
  collector: Collector,
  inputChannel: string,
  settings: ReportSettings<string>,
): { close(): void } {
  const { collectorId, channels } = collector.config;
  const title = {
    collectorId,
    inputChannel,
    processors: collector.stages.list.map(({ name }) => name),
    outputChannel: channels.output,
  };
  const view = {
    snapshot: () => collector.snapshot(),
    screen: collectorScreen.bind(undefined, title),
    lines: () => {
      collector.updateStatus();
      return reportLines(`collector ${collectorId}`, collector.stats(), settings.stats);
    },
  };
  return startReports(view, settings);
}
