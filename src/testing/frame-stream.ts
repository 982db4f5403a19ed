import { checkKeys } from '../core/check-keys.js';
import type { NtNdArray } from '../pva/normative/nt-nd-array.js';
import * as faults from './faults.js';
import type { FedObject } from './fed-input.js';
import { makeFrame, type FramePlan } from './frame-plan.js';
import { checkLook, type GeneratedOptions } from './generated-frames.js';
import { chooser, wholeNumber, type After, type Selection } from './selection.js';

/**
 * Frames that are to come, and what goes wrong on the way. It is a description: each pass over it makes new frames, the same ones
 * each time. Faults follow each other in the order of the calls: `frames({ count: 10 }).lossy({ ids: [3] }).duplicated({ ids: [5] })`.
 */
export class FrameStream implements AsyncIterable<NtNdArray> {
  /** @internal */
  constructor(private readonly plans: () => faults.Plans) {}

  /** The frames, each new; who takes them releases them. */
  async *[Symbol.asyncIterator](): AsyncGenerator<NtNdArray> {
    for await (const { object } of this.fed()) yield object;
  }

  /** All frames; of a stream that has an end. */
  async toArray(): Promise<NtNdArray[]> {
    const all: NtNdArray[] = [];
    for await (const frame of this) all.push(frame);
    return all;
  }

  /**
   * Frames with their connections.
   *
   * @internal
   */
  async *fed(): AsyncGenerator<FedObject & { readonly object: NtNdArray }> {
    for await (const plan of this.plans())
      yield { object: await makeFrame(plan), isFirstOfConnection: plan.isFirstOfConnection };
  }

  /** These frames do not come: their ids are missing. */
  lossy(selection: Selection): FrameStream {
    return this.#with('lossy', selection, [], (plans) => faults.lossy(plans, selection));
  }

  /** These frames come twice, one right behind the other. */
  duplicated(selection: Selection): FrameStream {
    return this.#with('duplicated', selection, [], (plans) => faults.duplicated(plans, selection));
  }

  /** These frames come late: behind so many, `by` (1), of those that follow them. */
  reordered(selection: Selection & { readonly by?: number | undefined }): FrameStream {
    const { by = 1 } = selection;
    return this.#with('reordered', selection, ['by'], (plans) => faults.reordered(plans, selection, by));
  }

  /**
   * Before these frames, or behind the first `after`, the source goes away and comes back, and its ids begin again at `firstId` (1). The
   * processor sees it by the ids; the account of the run knows that it was a restart.
   */
  restarted(selection: (Selection | After) & { readonly firstId?: number | undefined }): FrameStream {
    const { firstId = 1 } = selection;
    return this.#with('restarted', selection, ['after', 'firstId'], (plans) =>
      faults.restarted(plans, selection, firstId),
    );
  }

  /** Behind the first `after` frames they look different: another type of pixels, another shape. For frames that are generated. */
  changed({ after, ...changes }: After & GeneratedOptions): FrameStream {
    checkLook(changes);
    wholeNumber('after', after);
    return new FrameStream(() => faults.changed(this.plans(), { after }, changes));
  }

  /** The time stamps of these frames lie so many `seconds` (1) back: the clock of the source is behind, or the frame is old. */
  late(selection: Selection & { readonly seconds?: number | undefined }): FrameStream {
    const { seconds = 1 } = selection;
    return this.#with('late', selection, ['seconds'], (plans) => faults.late(plans, selection, seconds));
  }

  /** Only the first `count`. */
  take(count: number): FrameStream {
    wholeNumber('count', count);
    return new FrameStream(() => first(this.plans(), count));
  }

  /** Other frames come behind these; their ids and times stay as they are. */
  followedBy(other: FrameStream): FrameStream {
    return new FrameStream(() => oneAfterTheOther([this.plans, other.plans]));
  }

  /** Each frame is what `change` makes of it: it may change the frame in place, or give another one. */
  map(change: (frame: NtNdArray) => NtNdArray | void | Promise<NtNdArray | void>): FrameStream {
    return new FrameStream(() => changedBy(this.plans(), change));
  }

  #with(
    name: string,
    selection: object,
    more: readonly string[],
    fault: (plans: faults.Plans) => faults.Plans,
  ): FrameStream {
    checkKeys(name, selection, ['ids', 'rate', 'seed', ...more]);
    chooser(selection as Selection);
    return new FrameStream(() => fault(this.plans()));
  }
}

async function* first(plans: faults.Plans, count: number): AsyncGenerator<FramePlan> {
  if (count === 0) return;
  let left = count;
  for await (const plan of plans) {
    yield plan;
    if (--left === 0) return;
  }
}

async function* oneAfterTheOther(streams: readonly (() => faults.Plans)[]): AsyncGenerator<FramePlan> {
  for (const plans of streams) yield* plans();
}

async function* changedBy(
  plans: faults.Plans,
  change: (frame: NtNdArray) => NtNdArray | void | Promise<NtNdArray | void>,
): AsyncGenerator<FramePlan> {
  for await (const plan of plans) {
    const { id, time, isFirstOfConnection = false } = plan;
    yield {
      ...{ id, time, isFirstOfConnection },
      draw: async () => {
        const frame = await makeFrame(plan);
        return (await change(frame)) ?? frame;
      },
    };
  }
}
