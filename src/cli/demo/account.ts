import type { Losses, LossReport } from '../../hpc/loss-report.js';
import { grouped, plural } from '../../core/figures.js';

function sum(losses: Readonly<Record<string, Losses>>): number {
  return Object.values(losses).reduce((total, { count }) => total + count, 0);
}

/** The end of a run: how many frames were made, and what became of each. */
export interface Account {
  readonly lines: readonly string[];
  /** Each frame that the simulator published was processed, and what came of it was published. */
  readonly complete: boolean;
}

/** `made` frames were published by the simulator; the report is the consumer's. */
export function accountOf(made: number, report: LossReport): Account {
  const failed = sum(report.failed);
  const rejected = sum(report.rejected);
  const neverSeen = made - report.received;
  const complete =
    [neverSeen, failed, rejected, report.inFlight].every((count) => count === 0) && report.published === made;
  const lines = [
    `simulator   published ${grouped(made)} ${plural(made, 'frame')}`,
    `consumer    received  ${grouped(report.received)}   processed ${grouped(report.processed + report.filtered)}   ` +
      `failed ${grouped(failed)}   rejected ${grouped(rejected)}   missed ${grouped(neverSeen)}`,
    `output      published ${grouped(report.published)}`,
    complete ? `Every one of ${grouped(made)} frames is accounted for: none was lost.` : 'FRAMES WERE LOST: see above.',
  ];
  return { lines, complete };
}
