import { beforeEach, describe, expect, it } from 'vitest';
import type { AcquisitionStats } from '../../../src/hpc/acquisitions/acquisition-stats.js';
import { IdTracker } from '../../../src/hpc/ids/id-tracker.js';
import { OrderedAcquisitions } from '../../../src/hpc/collector/ordered-acquisitions.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { FakeClock } from '../../pipeline/fakes.js';
import { frameOf } from '../stream.js';

/** A frame that is the last of its acquisition, or is not. */
const frame = (id: number, isLast = false) => frameOf(id).setAttribute('last', isLast ? 1 : 0);
const markOf = (id: number) => new NtNdArray(undefined, { uniqueId: id }).setAttribute('last', 1);

describe('the acquisitions of a collector', () => {
  let clock: FakeClock;
  let isQuiet: boolean;
  let complete: Pick<AcquisitionStats, 'firstId' | 'lastId' | 'nReceived'>[];
  let missed: number[];
  let ids: IdTracker;
  let acquisitions: OrderedAcquisitions;

  beforeEach(() => {
    clock = new FakeClock();
    isQuiet = false;
    complete = [];
    missed = [];
    ids = new IdTracker({ offset: 1, sequentialUpdates: 1 });
    acquisitions = new OrderedAcquisitions({
      end: { attribute: 'last' },
      clock,
      timeoutMs: 1000,
      missed: () => ids.missed,
      ids,
      idOf: (object) => object.get('uniqueId'),
      isQuiet: () => isQuiet,
      onMark: () => {},
      onComplete: ({ firstId, lastId, nReceived, nMissed }) => {
        complete.push({ firstId, lastId, nReceived });
        missed.push(nMissed);
      },
    });
  });

  /** A frame leaves the cache and is processed. */
  function pass(object: NtNdArray, isWhole = true): void {
    ids.note(object.get('uniqueId'));
    acquisitions.left(object, object.get('uniqueId'), isWhole);
    acquisitions.settled(object, 'nProcessed');
  }

  /** A mark comes. */
  async function mark(id: number): Promise<void> {
    expect(acquisitions.takeMark(markOf(id))).toBe(true);
    await Promise.resolve();
  }

  it('end with the frame that says so', () => {
    for (const object of [frame(1), frame(2, true), frame(3)]) pass(object);
    expect(complete).toEqual([{ firstId: 1, lastId: 2, nReceived: 2 }]);
    expect(acquisitions.stats()).toMatchObject({ nAcquisitions: 2, firstId: 3, isComplete: false });
  });

  it('end with all tiles of the last image', () => {
    pass(frame(1), false);
    pass(frame(1));
    pass(frame(2, true), false);
    pass(frame(2, true));
    expect(complete).toEqual([{ firstId: 1, lastId: 2, nReceived: 4 }]);
  });

  it('end by a mark when its id has had its turn: at once, if that was before', async () => {
    for (const id of [1, 2]) pass(frame(id));
    await mark(2);
    expect(complete).toEqual([{ firstId: 1, lastId: 2, nReceived: 2 }]);
  });

  it.each([
    ['with that frame', 4, { firstId: 1, lastId: 4, nReceived: 2 }],
    ['in front of the next one', 5, { firstId: 1, lastId: 1, nReceived: 1 }],
  ])('end by a mark that comes before others %s', async (_when, id, expected) => {
    pass(frame(1));
    await mark(4);
    expect(complete).toEqual([]);
    pass(frame(id));
    expect(complete).toEqual([expected]);
  });

  it('end by a mark whose frame never comes, when nothing waits any more', async () => {
    pass(frame(1));
    await mark(4);
    await clock.advance(1000);
    expect(complete).toEqual([]);
    isQuiet = true;
    await clock.advance(1000);
    expect(complete).toEqual([{ firstId: 1, lastId: 1, nReceived: 1 }]);
  });

  it('miss the frames that only a mark tells of, and those between two acquisitions belong to the second', async () => {
    pass(frame(1));
    await mark(4);
    pass(frame(7)); // 2, 3 and 4 were of the first, 5 and 6 of the second
    pass(frame(8, true));
    expect(complete.map(({ lastId }) => lastId)).toEqual([1, 8]);
    expect(missed).toEqual([3, 2]);
    expect(ids.missed).toBe(5);
  });

  it('miss a last frame that never comes, unless it comes late', async () => {
    pass(frame(1));
    pass(frame(2));
    await mark(3);
    acquisitions.close();
    expect(missed).toEqual([1]);
    expect([ids.missed, ids.missing.list]).toEqual([1, [{ first: 3, last: 3, step: 1 }]]);
    expect(ids.note(3)).toBe('late');
    expect([ids.missed, ids.late, ids.note(3), ids.note(4)]).toEqual([0, 1, 'repeated', 'next']);
  });

  it('end by a mark at the end of the run', async () => {
    pass(frame(1));
    await mark(4);
    acquisitions.close();
    expect(complete).toHaveLength(1);
  });

  it('end once, however many producers say so', async () => {
    for (const object of [frame(1), frame(2, true)]) pass(object);
    isQuiet = true;
    await mark(2);
    pass(frame(3));
    await mark(2);
    pass(frame(4));
    expect(complete).toHaveLength(1);
    expect(acquisitions.stats()).toMatchObject({ nAcquisitions: 2, firstId: 3, nReceived: 2 });
  });

  it('wait for frames that are still in work', () => {
    const last = frame(2, true);
    pass(frame(1));
    acquisitions.left(last, 2, true);
    expect(complete).toEqual([]);
    acquisitions.settled(last, 'nFailed');
    expect(complete).toHaveLength(1);
  });
});
