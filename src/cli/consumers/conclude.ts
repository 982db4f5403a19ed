import { grouped } from '../../core/figures.js';
import type { Consumers } from '../../hpc/consumers/consumers.js';
import type { CombinedReport, ConsumerReport } from '../../hpc/consumers/combined-report.js';
import { isLossless } from '../../hpc/loss-report.js';
import { fates, runSummary, shownIds } from '../../hpc/run-summary.js';
import { endError } from '../../supervisor/child-spec.js';
import type { ReportSettings } from '../../hpc/schema/run-schema.js';
import { describeError, exitCodes } from '../exit.js';
import { writeReport } from '../report-file.js';

/** Says what happened to every frame of all consumers together and of each, and makes the exit code tell of faults. */
export function conclude(consumers: Consumers, { file: wanted, failOnLoss }: ReportSettings): void {
  const report = consumers.report();
  if (report !== undefined) {
    const ids = report.consumers.map(({ consumerId }) => consumerId);
    const file = writeReport(report, wanted, `${ids[0]}-${ids.at(-1)}`);
    for (const line of summaryOfAll(report, file)) process.stdout.write(`${line}\n`);
    const silent = consumers.states().filter((state) => state.report === undefined);
    for (const { config } of silent) process.stdout.write(`  consumer ${config.consumerId}   has not run\n`);
    if (consumers.wasReset) process.stdout.write('  (since the statistics were reset)\n');
    if (failOnLoss && !isLossless(report)) process.exitCode = exitCodes.lost;
  }
  for (const { consumerId, end } of consumers.failures) {
    const error = endError(`consumer ${consumerId}`, end);
    process.stderr.write(`consumer ${consumerId}: ${describeError(error)}\n`);
    process.exitCode = exitCodes.failed;
  }
  if (consumers.stopFailed) process.exitCode = exitCodes.failed;
}

/** The summary of the run of all, with a line for each consumer. */
export function summaryOfAll(report: CombinedReport, file: string | undefined): string[] {
  const { notFetched, consumers } = report;
  return [
    ...runSummary(report, undefined, `, ${consumers.length} consumer${consumers.length === 1 ? '' : 's'}`),
    ...(notFetched === undefined
      ? []
      : [`  not fetched when it was stopped ${grouped(notFetched.count)} (${shownIds(notFetched)})`]),
    ...consumers.map(consumerLine),
    ...(file === undefined ? [] : [`  loss report: ${file}`]),
  ];
}

function consumerLine(report: ConsumerReport): string {
  const { consumerId, nRestarts, lastExit } = report;
  const restarts = nRestarts === 0 ? '' : `   restarts ${grouped(nRestarts)} (the last after ${lastExit})`;
  return `  consumer ${consumerId}   received ${grouped(report.received)}   ${fates(report).join('   ')}${restarts}`;
}
