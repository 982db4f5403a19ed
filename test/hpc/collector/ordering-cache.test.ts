import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { effectiveCacheSize } from '../../../src/hpc/collector/collector-config.js';
import { Sorter } from './sorter.js';

interface Vector {
  readonly sequence: number[];
  readonly requestedCacheSize: number;
  readonly effectiveCacheSize: number;
  readonly objectIdOffset: number;
  readonly batches: number[][];
  readonly nCollected: number;
  readonly nMissed: number;
  readonly nRejected: number;
  readonly nCached: number;
}

/** What pvaPy answered, and what is right where it lets late objects through because its cache happens to be empty. */
const vectors = JSON.parse(
  readFileSync(new URL('../../truth/collector_vectors.json', import.meta.url), 'utf8'),
) as Vector[];
const corrections: Record<string, Partial<Vector> & { why: string }> = {
  '1,2,4,5,6,3,7': {
    why: '3 comes after 6 has left: it is late, the one that was missed, and 7 follows 6 without a gap',
    batches: [[1, 2], [4, 5, 6], [7]],
    nCollected: 6,
    nRejected: 1,
    nMissed: 0,
  },
  '1,2,3,10,11,12,4,5': {
    why: '4 and 5 come after 12 has left: they are late, and four of the six ids between 3 and 10 are missed',
    batches: [
      [1, 2, 3],
      [10, 11, 12],
    ],
    nCollected: 6,
    nRejected: 2,
    nMissed: 4,
  },
};

describe("pvaPy's vectors", () => {
  it.each(vectors)('$sequence with a cache of $requestedCacheSize and an offset of $objectIdOffset', (vector) => {
    const wanted = { ...vector, ...corrections[vector.sequence.join()] };
    const sorter = new Sorter({ size: vector.effectiveCacheSize, offset: vector.objectIdOffset, watermark: false });
    for (const id of vector.sequence) sorter.add(id);
    sorter.cache.flush();
    const { released, late, duplicate, cached } = sorter.cache.figures();
    expect(sorter.batches).toEqual(wanted.batches);
    expect({ nCollected: released, nRejected: late + duplicate, nCached: cached, nMissed: sorter.ids.missed }).toEqual({
      nCollected: wanted.nCollected,
      nRejected: wanted.nRejected,
      nCached: wanted.nCached,
      nMissed: wanted.nMissed,
    });
  });

  it('are corrected where an empty cache accepts late objects, and nowhere else', () => {
    const sequences = vectors.map(({ sequence }) => sequence.join());
    expect(Object.keys(corrections).every((sequence) => sequences.includes(sequence))).toBe(true);
  });

  it.each([
    [-1, 2, 20],
    [1, 4, 4],
    [4, 4, 4],
    [3, 2, 3],
    [0, 1, 1],
    [5, 10, 10],
  ])('ask for a cache of %d with %d producers and get one of %d', (requested, producers, size) => {
    expect(effectiveCacheSize(requested, producers)).toBe(size);
  });
});

describe('the watermark', () => {
  it('lets go what all producers have passed', () => {
    const sorter = new Sorter({ producers: 2, size: 100 });
    sorter.add(1, 1).add(3, 1);
    expect(sorter.left).toEqual([]);
    sorter.add(2, 2);
    expect(sorter.left).toEqual([1]);
    sorter.add(5, 1).add(4, 2);
    expect(sorter.left).toEqual([1, 2, 3]);
    expect(sorter.cache.figures().releasedBy).toMatchObject({ watermark: 3, size: 0 });
  });

  it('does not wait for a producer that went away, and waits for it again when it is back', () => {
    const sorter = new Sorter({ producers: 2, size: 100 });
    sorter.add(1, 1).add(2, 2).add(3, 1).add(5, 1);
    expect(sorter.left).toEqual([1]);
    sorter.cache.wentAway(2);
    expect(sorter.left).toEqual([1, 2, 3]);
    sorter.add(7, 1);
    expect(sorter.left).toEqual([1, 2, 3, 5]);
    sorter.comeBack(2);
    sorter.add(9, 1);
    expect(sorter.left).toEqual([1, 2, 3, 5]);
    sorter.add(10, 2);
    expect(sorter.left).toEqual([1, 2, 3, 5, 7]); // 9 may have tiles that are still to come
    expect(sorter.cache.figures().late).toBe(0);
  });

  it('lets a complete id go at once when it is the next', () => {
    const sorter = new Sorter({ producers: 2, size: 100, objectsPerId: 1 });
    sorter.add(1, 1);
    expect(sorter.left).toEqual([]); // producer 2 may have one that belongs before it
    sorter.add(2, 2);
    expect(sorter.left).toEqual([1, 2]);
    sorter.add(3, 1);
    expect(sorter.left).toEqual([1, 2, 3]);
    sorter.add(5, 1).add(4, 2);
    expect(sorter.left).toEqual([1, 2, 3, 4, 5]);
  });
});

describe('tiles', () => {
  it('of one id stay together', () => {
    const sorter = new Sorter({ producers: 2, size: 100, objectsPerId: 4 });
    sorter.tile(1, 1, 'a').tile(1, 2, 'b').tile(1, 1, 'c').tile(2, 1, 'a').tile(1, 2, 'd').tile(2, 2, 'b');
    expect(sorter.left).toEqual([1, 1, 1, 1]);
    sorter.tile(2, 1, 'c').tile(2, 2, 'd');
    expect(sorter.left).toEqual([1, 1, 1, 1, 2, 2, 2, 2]);
    expect(sorter.cache.figures()).toMatchObject({ incomplete: 0, duplicate: 0, late: 0 });
  });

  it('that come twice are turned away once', () => {
    const sorter = new Sorter({ producers: 2, size: 100 });
    sorter.tile(1, 1, 'a').tile(1, 2, 'b').tile(1, 2, 'b').tile(2, 1, 'a').tile(2, 2, 'b');
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 1, 2, 2]);
    expect(sorter.rejected).toEqual([[1, 'duplicate']]);
  });

  it('that come after the others have left are late', () => {
    const sorter = new Sorter({ producers: 2, size: 3, objectsPerId: 2, watermark: false });
    sorter.tile(1, 1, 'a').tile(2, 1, 'a').tile(2, 2, 'b').tile(1, 2, 'b').tile(3, 1, 'a').tile(3, 2, 'b');
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 2, 2, 3, 3]);
    expect(sorter.rejected).toEqual([[1, 'late']]);
    expect(sorter.cache.figures().incomplete).toBe(1);
  });

  it('that do not say which they are are kept together, and told', () => {
    const sorter = new Sorter({ size: 100, watermark: false });
    sorter.add(1).add(1).add(2).add(2);
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 1, 2, 2]);
    expect(sorter.cache.figures().repeated).toBe(2);
  });

  it('of an id that is next are not let go before their siblings may be there', () => {
    const sorter = new Sorter({ producers: 2, size: 5, watermark: false });
    sorter.tile(1, 1, 'a').tile(1, 2, 'b').tile(2, 1, 'a').tile(2, 2, 'b').tile(3, 1, 'a');
    expect(sorter.left).toEqual([1, 1]); // 2 and 3 stay: producer 2 may have more of them
    expect(sorter.cache.cached).toBe(3);
  });
});

describe('time', () => {
  it('lets go what has waited too long, and what belongs before it', () => {
    const sorter = new Sorter({ producers: 2, size: 100, timeoutMs: 50 });
    sorter.add(5, 1).wait(20).add(3, 1).wait(20).add(9, 1);
    expect(sorter.cache.deadline).toBe(sorter.start + 50);
    sorter.wait(10).cache.expire(sorter.now);
    expect(sorter.left).toEqual([3, 5]);
    expect(sorter.cache.deadline).toBe(sorter.start + 90);
    sorter.wait(40).cache.expire(sorter.now);
    expect(sorter.left).toEqual([3, 5, 9]);
    expect(sorter.cache.deadline).toBeUndefined();
    expect(sorter.cache.figures().releasedBy.time).toBe(3);
  });
});

describe('a producer that gives nothing', () => {
  it('is waited for once, and again when it has given something', () => {
    const sorter = new Sorter({ producers: 2, size: 100, timeoutMs: 50 });
    sorter.add(1, 1).add(2, 1).wait(50).cache.expire(sorter.now);
    expect(sorter.left).toEqual([1, 2]);
    sorter.add(3, 1).add(4, 1).add(5, 1);
    expect(sorter.left).toEqual([1, 2, 3, 4]); // 5 may have tiles that are still to come
    sorter.add(6, 2).add(7, 1).add(9, 1);
    expect(sorter.left).toEqual([1, 2, 3, 4, 5]);
    sorter.add(8, 2);
    expect(sorter.left).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });
});

describe('a full cache that waits', () => {
  it('holds back those that are ahead', () => {
    const sorter = new Sorter({ producers: 2, size: 3, onFull: 'wait' });
    sorter.add(1, 1).add(3, 1);
    expect([1, 2].map((each) => sorter.cache.isAhead(each))).toEqual([false, false]);
    sorter.add(5, 1);
    expect([1, 2].map((each) => sorter.cache.isAhead(each))).toEqual([true, false]);
    sorter.add(2, 2).add(4, 2);
    expect(sorter.left).toEqual([1, 2, 3]);
    expect([1, 2].map((each) => sorter.cache.isAhead(each))).toEqual([false, false]);
    expect(sorter.cache.figures().releasedBy).toMatchObject({ watermark: 3, size: 0 });
  });

  it('lets go what cannot be held back before it has twice the size', () => {
    const sorter = new Sorter({ producers: 2, size: 3, onFull: 'wait' });
    for (let nth = 0; nth < 6; nth++) sorter.add(1, 1);
    expect(sorter.cache.cached).toBe(0);
    expect(sorter.left).toHaveLength(6);
  });
});

describe('limits', () => {
  it('in bytes let the smallest id go', () => {
    const sorter = new Sorter({ size: 100, bytes: 30, watermark: false });
    sorter.add(9, 1, 10).add(4, 1, 10).add(6, 1, 10);
    expect(sorter.left).toEqual([4]);
    expect(sorter.cache.figures().releasedBy).toMatchObject({ bytes: 1, size: 0 });
    expect(sorter.cache.bytes).toBe(20);
  });

  it('may be changed while objects are held', () => {
    const sorter = new Sorter({ size: 100, watermark: false });
    sorter.add(1).add(2).add(4).add(6).add(8);
    sorter.cache.limits = { ...sorter.cache.limits, objects: 2 };
    expect(sorter.left).toEqual([1, 2, 4, 6]);
    expect(sorter.cache.cached).toBe(1);
  });
});

describe('an id that goes back', () => {
  it('is a copy if its producer goes on as before', () => {
    const sorter = new Sorter({ size: 100 });
    sorter.add(1).add(2).add(3).add(2).add(4).add(5);
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 2, 3, 4, 5]);
    expect(sorter.rejected).toEqual([[2, 'duplicate']]);
    expect(sorter.cache.figures().restarts).toBe(0);
  });

  it('is a copy if it is the last one once more', () => {
    const sorter = new Sorter({ size: 100, objectsPerId: 1 });
    sorter.add(1).add(2).add(2);
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 2]);
    expect(sorter.rejected).toEqual([[2, 'duplicate']]);
  });

  it('is late if it was missed until then', () => {
    const sorter = new Sorter({ producers: 2, size: 3, watermark: false });
    sorter.add(1, 1).add(3, 1).add(4, 1).add(5, 1).add(6, 1).add(2, 2).add(4, 2);
    expect(sorter.rejected).toEqual([
      [2, 'late'],
      [4, 'duplicate'],
    ]);
    expect(sorter.ids.missed).toBe(0);
  });

  it.each([
    ['came back', (sorter: Sorter) => (sorter.cache.wentAway(1), sorter.comeBack(1))],
    ['paused', (sorter: Sorter) => sorter.wait(10_000)],
    ['gave two ids that had come', () => {}],
  ])('is one of a new counting if its producer %s', (_why, happen) => {
    const sorter = new Sorter({ size: 100 });
    for (const id of [1, 2, 3, 4, 5]) sorter.add(id);
    happen(sorter);
    for (const id of [1, 2, 3, 4]) sorter.add(id);
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 2, 3, 4, 5, 1, 2, 3, 4]);
    expect(sorter.rejected).toEqual([]);
    expect(sorter.cache.figures().restarts).toBe(1);
    expect(sorter.ids).toMatchObject({ restarted: 1, missed: 0, rewound: 0 });
  });

  it('is one of a new counting if it could not be late by so much', () => {
    const sorter = new Sorter({ size: 10 });
    sorter.add(50_000).add(50_001).add(7).add(8);
    sorter.cache.flush();
    expect(sorter.left).toEqual([50_000, 50_001, 7, 8]);
  });

  it('leads all producers into the new counting, one after the other', () => {
    const sorter = new Sorter({ producers: 2, size: 100 });
    sorter.add(1, 1).add(2, 2).add(3, 1);
    for (const id of [1, 3, 5]) sorter.add(id, 1);
    sorter.add(4, 2).add(6, 2); // still of the old counting
    for (const id of [2, 4, 6]) sorter.add(id, 2);
    sorter.cache.flush();
    expect(sorter.left).toEqual([1, 2, 3, 4, 6, 1, 2, 3, 4, 5, 6]);
    expect(sorter.rejected).toEqual([]);
    expect(sorter.cache.figures().restarts).toBe(1);
  });

  it('does not cost the other producers anything when it was taken for a new counting by mistake', () => {
    const sorter = new Sorter({ producers: 2, size: 4 });
    for (const id of [1, 3, 5, 7]) sorter.add(id, 1).add(id + 1, 2);
    for (const id of [3, 5, 7]) sorter.add(id, 1); // copies, several in a row
    for (let id = 9; id < 60; id += 2) sorter.add(id, 1).add(id + 1, 2);
    sorter.cache.flush();
    expect(sorter.rejected.filter(([id]) => id > 8)).toEqual([]);
    expect(new Set(sorter.left).size).toBe(60);
  });
});

describe('a producer', () => {
  it('that comes later belongs to the counting of the others', () => {
    const sorter = new Sorter({ producers: 2, size: 100 });
    sorter.add(50_000, 1).add(50_001, 1).add(1, 1).add(2, 1); // counts anew
    sorter.add(3, 2).add(4, 1).add(5, 2);
    sorter.cache.flush();
    expect(sorter.left).toEqual([50_000, 50_001, 1, 2, 3, 4, 5]);
  });

  it('that nobody knows is refused', () => {
    expect(() => new Sorter({ producers: 2 }).add(1, 3)).toThrow('there is no producer 3');
  });
});

describe('counting', () => {
  it('anew takes what is held as received', () => {
    const sorter = new Sorter({ size: 100, watermark: false });
    sorter.add(1).add(2).add(2).cache.resetCounts();
    expect(sorter.cache.figures()).toMatchObject({ received: 3, released: 0, cached: 3 });
    sorter.cache.flush();
    expect(sorter.cache.figures()).toMatchObject({ received: 3, released: 3, cached: 0 });
  });
});
