import type { LossReport } from '../loss-report.js';
import type { ConsumerTaskStats } from './consumer-task.js';
import { PastRuns } from './past-runs.js';
import { sumLosses } from './sum-reports.js';

/** Why frames count as failed that were in a consumer when it died. */
const KILLED = 'the consumer died';

/**
 * What is known of one consumer by what it sent, over all its restarts. A consumer that dies takes with it what it has not
 * told yet; the ids around its death show how much that was.
 */
export class ConsumerRecord {
  /** What the present child, or the last one, said last. */
  latest: ConsumerTaskStats | undefined;
  readonly #past: PastRuns;
  #final: LossReport | undefined;
  /** It died before it had told of any id: it may have taken frames with it that nobody knows of. */
  #diedUntold = false;

  /**
   * @param step by how much ids of successive frames of this consumer differ; undefined when a distributor decides, so that a
   *   gap around a restart says nothing about this consumer
   */
  constructor(step: number | undefined) {
    this.#past = new PastRuns(step);
  }

  onStats(stats: ConsumerTaskStats): void {
    this.latest = stats;
  }

  onReport(report: LossReport): void {
    this.#final = report;
  }

  onCrash(): void {
    const account = this.#final ?? (this.latest && withoutInFlight(this.latest.report));
    this.#diedUntold ||= this.#past.lastId === null && (account?.lastId ?? null) === null;
    if (account !== undefined) this.#past.add(account);
    this.latest = this.#final = undefined;
  }

  /**
   * The account over all restarts, with the frames that came while the consumer was down, or after what it said last; undefined
   * when it has said nothing yet.
   */
  report(): LossReport | undefined {
    const present = this.#final ?? this.latest?.report;
    const known = this.#past.report(present);
    if (known === undefined) return undefined;
    const report = this.#mayLackItsHead(known) ? { ...known, missedUnknown: true as const } : known;
    const gaps = this.#past.gaps(present);
    if (gaps.count === 0) return report;
    return { ...report, expected: report.expected + gaps.count, missed: sumLosses([report.missed, gaps]) };
  }

  /** What came before the first id that it told of is not known, unless ids begin there. */
  #mayLackItsHead({ firstId }: LossReport): boolean {
    const { step } = this.#past;
    return this.#diedUntold && step !== undefined && firstId !== null && firstId > step;
  }
}

function withoutInFlight(report: LossReport): LossReport {
  const { inFlight, failed } = report;
  if (inFlight === 0) return report;
  return { ...report, inFlight: 0, failed: { ...failed, [KILLED]: { count: inFlight, ids: [], unlisted: inFlight } } };
}
