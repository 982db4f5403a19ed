import type { LossReport } from '../loss-report.js';
import type { ConsumerTaskStats } from './consumer-task.js';
import { sumReports } from './sum-reports.js';

/** Why frames count as failed that were in a consumer when it died. */
const KILLED = 'the consumer died';

/**
 * What is known of one consumer by what it sent, over all its restarts. A consumer that dies takes with it what it has not
 * told yet; the ids around its death show how much that was.
 */
export class ConsumerRecord {
  /** What the present child, or the last one, said last. */
  latest: ConsumerTaskStats | undefined;
  readonly #past: LossReport[] = [];
  #final: LossReport | undefined;

  /**
   * @param step by how much ids of successive frames of this consumer differ; undefined when a distributor decides, so that a
   *   gap around a restart says nothing about this consumer
   */
  constructor(readonly step: number | undefined) {}

  onStats(stats: ConsumerTaskStats): void {
    this.latest = stats;
  }

  onReport(report: LossReport): void {
    this.#final = report;
  }

  onCrash(): void {
    if (this.latest !== undefined) this.#past.push(withoutInFlight(this.latest.report));
    this.latest = undefined;
  }

  /** The account over all restarts; undefined when the consumer has said nothing yet. */
  report(): LossReport | undefined {
    const present = this.#final ?? this.latest?.report;
    const runs = present === undefined ? this.#past : [...this.#past, present];
    const [first, ...others] = runs;
    if (first === undefined || others.length === 0) return first;
    const { consumerId, inputChannel } = first;
    return this.#withGaps(runs, { consumerId, inputChannel, ...sumReports(runs) });
  }

  /** Frames that came while the consumer was down, or after what it said last. */
  #withGaps(runs: readonly LossReport[], report: LossReport): LossReport {
    const { step } = this;
    if (step === undefined) return report;
    for (const [at, { firstId }] of runs.entries()) {
      const lastId = runs[at - 1]?.lastId ?? null;
      const count = lastId === null || firstId === null ? 0 : Math.floor((firstId - lastId) / step) - 1;
      if (lastId === null || count <= 0) continue;
      const ids = { first: lastId + step, last: lastId + count * step, step };
      const { missed } = report;
      report = {
        ...report,
        expected: report.expected + count,
        missed: { ...missed, count: missed.count + count, ids: [...missed.ids, ids] },
      };
    }
    return report;
  }
}

function withoutInFlight(report: LossReport): LossReport {
  const { inFlight, failed } = report;
  if (inFlight === 0) return report;
  return { ...report, inFlight: 0, failed: { ...failed, [KILLED]: { count: inFlight, ids: [], unlisted: inFlight } } };
}
