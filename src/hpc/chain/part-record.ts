import type { ConsumerTaskStats } from '../consumers/consumer-task.js';
import { Coverage } from '../consumers/coverage.js';
import { PastRuns } from '../consumers/past-runs.js';
import type { IdRange } from '../ids/id-ranges.js';
import type { LossReport } from '../loss-report.js';
import { largestOf } from './id-sets.js';

/** Of the ids that were in work at deaths, no more ranges than this are known. */
const MAX_RANGES = 10_000;

/** What is known of one part of a chain by what it sent, over all its restarts. */
export class PartRecord {
  /** What the present child, or the last one, said last. */
  latest: ConsumerTaskStats | undefined;
  /** How often it died unannounced. */
  deaths = 0;
  /** Whether nothing more will be known of it. */
  isSettled = false;
  /** Not all ids that came are known. */
  isIncomplete = false;
  readonly coverage = new Coverage();
  /** Of these, the ids that were in work when it died: objects are done in the order in which they came. */
  inWorkAtDeaths: readonly IdRange[] = [];
  readonly #past: PastRuns;
  #final: LossReport | undefined;
  /** What came over the link in the runs before this one. */
  #arrivedBefore = 0;

  /** @param step how far ids are apart; undefined when gaps say nothing */
  constructor(step: number | undefined) {
    this.#past = new PastRuns(step);
  }

  /** @param stats undefined from a part that has no place yet */
  onStats(stats: ConsumerTaskStats | undefined): void {
    if (stats === undefined) return;
    this.latest = stats;
    this.isIncomplete ||= stats.isIncomplete;
    this.coverage.add(stats.received);
  }

  onReport(report: LossReport | undefined): void {
    this.#final = report;
  }

  /** It has ended for good. */
  onEnd(wasKilled: boolean): void {
    this.isSettled = true;
    if (wasKilled) this.deaths += 1;
  }

  onCrash(): void {
    this.deaths += 1;
    if (this.latest === undefined) return;
    const inWork = largestOf(this.coverage.ranges, this.latest.report.inFlight);
    this.inWorkAtDeaths = [...this.inWorkAtDeaths, ...inWork].slice(-MAX_RANGES);
    this.#past.add(this.#final ?? { ...this.latest.report, inFlight: 0 });
    this.#arrivedBefore += this.latest.snapshot.input.received;
    this.latest = this.#final = undefined;
  }

  /** How many objects have come to their end in the present child. */
  get settled(): number {
    const { received = 0, inFlight = 0 } = this.latest?.report ?? {};
    return received - inFlight;
  }

  /** How many objects came in, those among them that were no frames. */
  get arrived(): number {
    return this.#arrivedBefore + (this.latest?.snapshot.input.received ?? 0);
  }

  /** The account over all restarts, without what was in work when it died; undefined when it has said nothing yet. */
  report(): LossReport | undefined {
    return this.#past.report(this.#present);
  }

  /** The ids between what it told of last before a death and what came first after it. */
  get gaps(): readonly IdRange[] {
    return this.#past.gaps(this.#present).ids;
  }

  get #present(): LossReport | undefined {
    return this.#final ?? this.latest?.report;
  }
}
