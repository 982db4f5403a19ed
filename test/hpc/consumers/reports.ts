import type { LossReport } from '../../../src/hpc/loss-report.js';
import type { IdRange } from '../../../src/hpc/ids/id-ranges.js';
import type { Losses } from '../../../src/hpc/loss-report.js';

export const none: Losses = { count: 0, ids: [], unlisted: 0 };

export function losses(...ids: IdRange[]): Losses {
  return { count: ids.reduce((sum, { first, last, step }) => sum + (last - first) / step + 1, 0), ids, unlisted: 0 };
}

/** The report of a consumer that received the ids from `firstId` to `lastId`. */
export function reportOf(firstId: number, lastId: number, changes: Partial<LossReport> = {}): LossReport {
  const count = lastId - firstId + 1;
  return {
    consumerId: 1,
    inputChannel: 'in:image',
    startTime: '2026-11-21T10:00:00.000Z',
    endTime: '2026-11-21T10:10:00.000Z',
    firstId,
    lastId,
    expected: count,
    received: count,
    processed: count,
    filtered: 0,
    published: count,
    inFlight: 0,
    missed: none,
    rejected: {},
    failed: {},
    notPublished: none,
    droppedForSubscribers: 0,
    overruns: 0,
    metadataOverruns: 0,
    repeated: 0,
    rewound: 0,
    restarted: 0,
    wrapped: 0,
    late: 0,
    offPhase: 0,
    skipped: 1,
    ...changes,
  };
}
