import { IdRanges } from '../ids/id-ranges.js';
import type { LossReport, Losses } from '../loss-report.js';
import { sumReports } from './sum-reports.js';

/**
 * The accounts of the runs of a child that died and was started again, as one: it takes no more memory after a month of crashes
 * than after the first. Ids that passed between two runs are known, however many runs without a frame were between them.
 */
export class PastRuns {
  #sum: LossReport | undefined;
  /** The last id that any of them told of. */
  lastId: number | null = null;
  #nGap = 0;
  readonly #gaps = new IdRanges();

  /** @param step by how much ids of successive frames differ; undefined when a gap between runs says nothing */
  constructor(readonly step: number | undefined) {}

  /** A run is over, and this is what it said last. */
  add(report: LossReport): void {
    const gap = this.#gapBefore(report);
    this.#nGap += sizeOf(gap);
    if (gap !== undefined) this.#gaps.add(gap);
    this.#sum = this.#with(report);
    this.lastId = report.lastId ?? this.lastId;
  }

  /** The account of all, with the run that is not over, or was the last; undefined when there was none. */
  report(present: LossReport | undefined): LossReport | undefined {
    return present === undefined ? this.#sum : this.#with(present);
  }

  /** The ids between the runs, up to the first of this one. */
  gaps(present: LossReport | undefined): Losses {
    const last = present && this.#gapBefore(present);
    const ids = [...this.#gaps.list, ...(last === undefined ? [] : [last])];
    return { count: this.#nGap + sizeOf(last), ids, unlisted: this.#gaps.unlisted };
  }

  #with(report: LossReport): LossReport {
    if (this.#sum === undefined) return report;
    const { consumerId, inputChannel } = report;
    return { consumerId, inputChannel, ...sumReports([this.#sum, report]) };
  }

  #gapBefore({ firstId }: LossReport) {
    const { step } = this;
    const lastId = this.lastId;
    if (step === undefined || lastId === null || firstId === null) return undefined;
    const count = Math.floor((firstId - lastId) / step) - 1;
    return count > 0 ? { first: lastId + step, last: lastId + count * step, step } : undefined;
  }
}

function sizeOf(range: { first: number; last: number; step: number } | undefined): number {
  return range === undefined ? 0 : (range.last - range.first) / range.step + 1;
}
