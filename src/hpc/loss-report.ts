import { reasonWithin } from '../pipeline/account.js';
import type { PipelineStats } from '../pipeline/pipeline.js';
import { IdRanges, type IdRange } from './ids/id-ranges.js';
import type { IdTracker } from './ids/id-tracker.js';
import { runtimeOf, type RunTimes } from './run-times.js';

/** Frames that were lost in the same way, and their ids. */
export interface Losses {
  count: number;
  ids: IdRange[];
  /** How many of `count` have ids that are not listed: they could not be read, or there were too many. */
  unlisted: number;
  /** What the first of them said. */
  message?: string;
}

/** What happened to every frame of a consumer's run, as it is written to a file. */
export interface LossReport extends FrameReport {
  consumerId: number;
  inputChannel: string;
}

/** What happened to every frame of a run. */
export interface FrameReport {
  startTime: string;
  endTime: string;
  firstId: number | null;
  lastId: number | null;
  expected: number;
  received: number;
  processed: number;
  filtered: number;
  published: number;
  inFlight: number;
  missed: Losses;
  /** More may have been missed than `missed` says: it could not be told to which frames the ids belong. */
  missedUnknown?: true;
  rejected: Record<string, Losses>;
  failed: Record<string, Losses>;
  /** Frames that were not published, or not delivered to a subscriber of the output channel. */
  notPublished: Losses;
  /** Updates that slow subscribers of the output channel lost by its policy. */
  droppedForSubscribers: number;
  overruns: number;
  /** Updates of metadata channels that were lost on the way. */
  metadataOverruns: number;
  repeated: number;
  rewound: number;
  restarted: number;
  wrapped: number;
  late: number;
  offPhase: number;
  skipped: number;
}

/** Of a run in which nothing happened, not even its start. */
export function emptyReport(): FrameReport {
  const now = new Date().toISOString();
  const none = () => ({ count: 0, ids: [], unlisted: 0 });
  const frames = { expected: 0, received: 0, processed: 0, filtered: 0, published: 0, inFlight: 0, skipped: 0 };
  const ids = { repeated: 0, rewound: 0, restarted: 0, wrapped: 0, late: 0, offPhase: 0 };
  return {
    ...{ startTime: now, endTime: now, firstId: null, lastId: null },
    ...frames,
    ...{ missed: none(), rejected: {}, failed: {}, notPublished: none(), droppedForSubscribers: 0 },
    ...{ overruns: 0, metadataOverruns: 0 },
    ...ids,
  };
}

/** Remembers the ids of the frames that were lost, by reason, within limits. */
export class LossLog {
  readonly #rejected = new Map<string, Entry>();
  readonly #failed = new Map<string, Entry>();
  readonly #notPublished: Entry = { count: 0, ranges: new IdRanges() };

  rejected(reason: string, id: number | undefined): void {
    note(entryOf(this.#rejected, reason), id);
  }

  failed(cause: string, id: number | undefined, message: string): void {
    const entry = entryOf(this.#failed, cause);
    entry.message ??= message;
    note(entry, id);
  }

  notPublished(id: number | undefined, message: string, count = 1): void {
    this.#notPublished.message ??= message;
    this.#notPublished.count += count - 1;
    note(this.#notPublished, id);
  }

  clear(): void {
    this.#rejected.clear();
    this.#failed.clear();
    this.#notPublished.count = 0;
    this.#notPublished.ranges.clear();
    delete this.#notPublished.message;
  }

  /** The losses by reason; the counts are those of the accounts, which know of every frame. */
  losses(pipeline: PipelineStats): Pick<FrameReport, 'rejected' | 'failed' | 'notPublished'> {
    return {
      rejected: byReason(pipeline.rejectedBy, this.#rejected),
      failed: byReason(pipeline.failedBy, this.#failed),
      notPublished: lossesOf(this.#notPublished.count, this.#notPublished),
    };
  }
}

interface Entry {
  count: number;
  message?: string;
  readonly ranges: IdRanges;
}

/** What a report is made of. */
export interface ReportInput {
  readonly pipeline: PipelineStats;
  readonly ids: IdTracker;
  readonly times: RunTimes;
  readonly losses: LossLog;
  readonly published: number;
  readonly droppedForSubscribers: number;
  readonly overruns: number;
  readonly metadataOverruns: number;
  readonly skipped: number;
}

/** What happened to every frame up to now. */
export function frameReport(input: ReportInput): FrameReport {
  const { pipeline, ids, times } = input;
  const endMs = times.endTime > 0 ? times.endTime * 1000 : Date.now();
  return {
    startTime: new Date(endMs - runtimeOf(times) * 1000).toISOString(), // by the clock as it is set now
    endTime: new Date(endMs).toISOString(),
    firstId: ids.firstId ?? null,
    lastId: ids.lastId ?? null,
    expected: pipeline.received + ids.missed,
    received: pipeline.received,
    processed: pipeline.processed,
    filtered: pipeline.filtered,
    published: input.published,
    inFlight: pipeline.inFlight,
    missed: lossesOf(ids.missed, { ranges: ids.missing }),
    ...input.losses.losses(pipeline),
    droppedForSubscribers: input.droppedForSubscribers,
    overruns: input.overruns,
    metadataOverruns: input.metadataOverruns,
    repeated: ids.repeated,
    rewound: ids.rewound,
    restarted: ids.restarted,
    wrapped: ids.wrapped,
    late: ids.late,
    offPhase: ids.offPhase,
    skipped: input.skipped,
  };
}

/** The reason for turning away what came twice. */
export const DUPLICATE = 'duplicate';

/** Whether any frame is missing at the end, for whatever reason, or metadata that belongs to one. What came twice is not. */
export function isLossless(report: FrameReport): boolean {
  const unseen = report.overruns + report.metadataOverruns + report.droppedForSubscribers;
  const counts = [
    report.missed,
    report.notPublished,
    ...Object.entries(report.rejected).flatMap(([reason, losses]) => (reason === DUPLICATE ? [] : [losses])),
    ...Object.values(report.failed),
  ];
  const isKnown = report.missedUnknown !== true;
  return isKnown && unseen === 0 && counts.every(({ count }) => count === 0);
}

/** The limit of the accounts holds: a processor may throw another message for each frame. */
function entryOf(entries: Map<string, Entry>, cause: string): Entry {
  const reason = reasonWithin(entries, cause);
  let entry = entries.get(reason);
  if (entry === undefined) entries.set(reason, (entry = { count: 0, ranges: new IdRanges() }));
  return entry;
}

function note(entry: Entry, id: number | undefined): void {
  entry.count += 1;
  if (id !== undefined) entry.ranges.add({ first: id, last: id, step: 1 });
}

function byReason(
  counts: Readonly<Record<string, number>>,
  entries: ReadonlyMap<string, Entry>,
): Record<string, Losses> {
  return Object.fromEntries(Object.entries(counts).map(([key, count]) => [key, lossesOf(count, entries.get(key))]));
}

function lossesOf(
  count: number,
  entry: { readonly ranges: Pick<IdRanges, 'list'>; readonly message?: string } | undefined,
): Losses {
  const ids = [...(entry?.ranges.list ?? [])];
  const listed = ids.reduce((sum, { first, last, step }) => sum + (last - first) / step + 1, 0);
  const message = entry?.message;
  return { count, ids, unlisted: count - listed, ...(message === undefined ? {} : { message }) };
}
