import type { Logger } from '../core/logger.js';
import type { MetricsSource } from '../core/metrics/metric.js';
import { isLossless, type FrameReport } from '../hpc/loss-report.js';
import { runSummary } from '../hpc/run-summary.js';
import type { Unanswered } from '../hpc/inputs/input.js';
import type { ReportSettings } from '../hpc/schema/run-schema.js';
import { exitCodes, reportError } from './exit.js';
import { serveMetrics, type MetricsCliOptions } from './metrics-options.js';
import { writeReport } from './report-file.js';
import { runtimeOver } from './runtime-over.js';
import { stopRequests } from './stop-requests.js';
import { REMARK_AFTER_S, stillWaiting } from './waiting.js';
import { watchEnd } from './watch-end.js';

/** Something that processes a stream until it is stopped. */
export interface Runnable {
  readonly logger: Logger;
  /** Rejects when it cannot go on; resolves when it is to end. */
  readonly ended: Promise<void>;
  readonly wasReset: boolean;
  start(): Promise<void>;
  drain(): Promise<void>;
  abort(): Promise<void>;
  report(): FrameReport;
  describeSearch(): string | undefined;
}

/** What a command says about its run. */
export interface RunView {
  /** `collector 1`: named when it has started. */
  readonly title: string;
  /** Tells its loss report from those of other runs that began at the same time. */
  readonly label: string;
  readonly metrics: readonly MetricsSource[];
  /** Begins to show how it does. */
  readonly startReports: () => { close(): void };
  /** Input channels that nothing has come from. */
  readonly unanswered: () => readonly Unanswered[];
  /** What else is to be said at the end of what happened to every frame. */
  readonly details?: () => readonly string[];
  /** Whether what should have been finished at the end was not. */
  readonly stopFailed: () => boolean;
}

/** What a run is to do besides its work. */
export interface RunSettings extends MetricsCliOptions {
  readonly runtime: number;
  readonly drainTimeout: number;
  readonly report: ReportSettings<string>;
}

/** An end that takes longer than this is explained. */
const ENDING_S = 1;

/** Runs it until it is stopped, the time is over or it ends, and tells what happened to every frame. */
export async function runStream(run: Runnable, view: RunView, settings: RunSettings): Promise<void> {
  await using _metrics = await serveMetrics(settings, ...view.metrics).catch(async (error: unknown) => {
    await run.abort();
    throw error;
  });
  using stop = stopRequests();
  using _watch = watchEnd(settings, () => run.report());
  await Promise.race([run.start(), stop.requested]);
  run.logger.info(`${view.title} started`);
  const reports = view.startReports();
  try {
    using _absence = remarkAfter(REMARK_AFTER_S, () => mentionAbsence(run, view));
    await Promise.race([run.ended, stop.requested, runtimeOver(settings.runtime)]);
  } catch (error) {
    reportError(error);
  } finally {
    reports.close();
    using _remark = remarkAfter(ENDING_S, () =>
      run.logger.info('finishing what has come in; Ctrl-C once more ends at once, without an account'),
    );
    await run.drain();
  }
  conclude(run, view, settings.report);
}

/** Says something after so many seconds, unless it is disposed of before. */
function remarkAfter(seconds: number, say: () => void): Disposable {
  const timer = setTimeout(say, seconds * 1000).unref();
  return { [Symbol.dispose]: () => clearTimeout(timer) };
}

function mentionAbsence(run: Runnable, view: RunView): void {
  const search = run.describeSearch();
  if (search === undefined) return;
  for (const unanswered of view.unanswered()) run.logger.warn(stillWaiting(unanswered, search));
}

/** Says what happened to every frame, and makes the exit code tell of faults. */
function conclude(run: Runnable, view: RunView, { file: wanted, failOnLoss }: RunSettings['report']): void {
  const report = run.report();
  const file = writeReport(report, wanted, view.label);
  for (const line of [...runSummary(report, file), ...(view.details?.() ?? [])]) process.stdout.write(`${line}\n`);
  if (run.wasReset) process.stdout.write('  (since the statistics were reset)\n');
  if (failOnLoss && !isLossless(report)) process.exitCode = exitCodes.lost;
  if (view.stopFailed()) process.exitCode = exitCodes.failed;
}
