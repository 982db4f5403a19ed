import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IdTracker } from '../../../src/hpc/ids/id-tracker.js';

interface Vector {
  ids: number[];
  objectIdOffset: number;
  nSequentialUpdates: number;
  skipInitialUpdates: number;
  nMissed_after_each: number[];
  nMissed: number;
}

const vectors = JSON.parse(
  readFileSync(new URL('../../truth/missed_count_vectors.json', import.meta.url), 'utf8'),
) as Vector[];

const whole = { offset: 1, sequentialUpdates: 1 };

function track(ids: readonly number[], sequence = whole): IdTracker {
  const tracker = new IdTracker(sequence);
  for (const id of ids) tracker.note(id);
  return tracker;
}

/**
 * Where pvaPy's count is not the truth. It counts ids 3 to 9 as missed when 10 comes, and leaves them missed when 3, 4 and
 * 5 come after all. Those three have been received: only 6 to 9 never came.
 */
const corrected: Record<string, number[]> = { '0,1,2,10,3,4,5': [0, 0, 0, 7, 6, 5, 4] };

describe('missed ids', () => {
  it.each(vectors.map((vector, index) => ({ vector, name: `${index}: ${vector.ids.slice(0, 10).join(',')}` })))(
    'are those that pvaPy counts, $name',
    ({ vector }) => {
      const sequence = { offset: vector.objectIdOffset, sequentialUpdates: vector.nSequentialUpdates };
      const tracker = new IdTracker(sequence);
      const missed = vector.ids.map((id, index) => {
        if (index >= vector.skipInitialUpdates) tracker.note(id);
        else tracker.skip(id);
        return tracker.missed;
      });
      expect(missed).toEqual(corrected[vector.ids.join()] ?? vector.nMissed_after_each);
    },
  );

  it('are listed as ranges', () => {
    expect(track([1, 2, 5, 6, 10]).missing.list).toEqual([
      { first: 3, last: 4, step: 1 },
      { first: 7, last: 9, step: 1 },
    ]);
    expect(track([1, 13], { offset: 4, sequentialUpdates: 1 }).missing.list).toEqual([{ first: 5, last: 9, step: 4 }]);
    expect(track([1, 27], { offset: 10, sequentialUpdates: 3 }).missing.list).toEqual([
      { first: 2, last: 3, step: 1 },
      { first: 13, last: 15, step: 1 },
      { first: 25, last: 26, step: 1 },
    ]);
  });
});

describe('ids that do not go on', () => {
  it('tells a repeated id', () => {
    const tracker = track([1, 2, 2, 3]);
    expect(tracker).toMatchObject({ repeated: 1, rewound: 0, missed: 0 });
  });

  it('tells a late id from one that goes back', () => {
    const tracker = track([1, 2, 6, 4]);
    expect(tracker).toMatchObject({ late: 1, rewound: 0, missed: 2 });
    expect(tracker.note(2)).toBe('rewound');
    expect(tracker.note(3)).toBe('next');
  });

  it('tells what a distributor hands over from another consumer', () => {
    const tracker = track([10, 14, 18, 22, 11, 15, 19, 26, 30], { offset: 4, sequentialUpdates: 1 });
    expect(tracker).toMatchObject({ late: 3, rewound: 0, missed: 0, offPhase: 0 });
    expect(tracker.note(2)).toBe('rewound');
  });

  it('tells a detector that counts anew from that, in a share of its stream', () => {
    const before = Array.from({ length: 251 }, (_, at) => 1 + 4 * at);
    const tracker = track([...before, 4, 8, 44, 48], { offset: 4, sequentialUpdates: 1 });
    expect(tracker).toMatchObject({ rewound: 1, late: 0, missed: 8, firstId: 1, lastId: 48 });
  });

  it.each([
    ['further back than anything waits', 20_001, [10_000, 10_004]],
    ['for longer than anything waits', 20_001, Array.from({ length: 1001 }, (_, at) => 16_102 + at)],
  ])('takes nothing for handed over %s', (_, last, ids) => {
    const before = Array.from({ length: last / 4 }, (_each, at) => 1 + 4 * at);
    expect(track([...before, last, ...ids], { offset: 4, sequentialUpdates: 1 })).toMatchObject({ rewound: 1 });
  });

  it('does not take for late what counts anew where ids were missed', () => {
    const upTo = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);
    const tracker = track([1, ...upTo(11, 1000)]);
    for (const id of upTo(2, 10)) expect(tracker.note(id)).toBe('late');
    expect(tracker.note(11)).toBe('rewound');
    expect(tracker).toMatchObject({ rewound: 1, late: 0, missed: 9 });
    expect(tracker.missing.list).toMatchObject([{ first: 2, last: 10 }]);
    expect(track([1, 4, 5, 3, 5])).toMatchObject({ rewound: 0, late: 1, missed: 1, repeated: 1 });
    expect(track([1, 4, 5, 2, 3, 4])).toMatchObject({ rewound: 1, late: 0, missed: 2 });
    expect(track([1, ...upTo(2000, 3000), 2])).toMatchObject({ rewound: 1, late: 0, missed: 1998 });
  });

  it('tells a source that was restarted', () => {
    const tracker = track([5, 6, 7]);
    tracker.sourceCameBack();
    expect(tracker.note(1)).toBe('restarted');
    expect(tracker.note(2)).toBe('next');
    expect(tracker).toMatchObject({ restarted: 1, rewound: 0, missed: 0 });
  });

  it('counts what was missed while the source was away', () => {
    const tracker = track([5, 6, 7]);
    tracker.sourceCameBack();
    expect(tracker.note(11)).toBe('gap');
    expect(tracker.missed).toBe(3);
  });

  it('tells a jump out of phase, and goes on from there', () => {
    const tracker = track([1, 5, 10, 14], { offset: 4, sequentialUpdates: 1 });
    expect(tracker).toMatchObject({ offPhase: 1, missed: 0 });
    const turns = track([1, 2, 3, 7, 8, 9, 19], { offset: 10, sequentialUpdates: 3 });
    expect(turns).toMatchObject({ offPhase: 1, missed: 0 });
  });
});

describe('turns of unknown length', () => {
  const sequence = { offset: 25, sequentialUpdates: 1, hasOpenTurns: true };

  it('are as long as ids follow each other', () => {
    const tracker = track([1, 2, 3, 4, 5, 6, 7, 8, 33, 34, 35], sequence);
    expect(tracker).toMatchObject({ missed: 0, offPhase: 0 });
  });

  it('show what is missing in them', () => {
    const tracker = track([1, 2, 5, 6, 7, 8, 33], sequence);
    expect(tracker).toMatchObject({ missed: 2, offPhase: 0 });
    expect(tracker.missing.list).toMatchObject([{ first: 3, last: 4 }]);
  });
});

describe('tiles that consumers share one by one', () => {
  const ofConsumers = (tiles: number, offset: number, ids: readonly number[], sequentialUpdates = 1) => {
    const tracker = new IdTracker({ offset, sequentialUpdates });
    tracker.tiles = tiles;
    for (const id of ids) tracker.note(id);
    return tracker;
  };

  it.each([
    ['one of each image', 4, 4, 1, [1, 2, 3, 5], 1],
    ['two of each image', 4, 2, 1, [1, 2, 3, 6], 2],
    ['one of every other image', 2, 4, 1, [1, 3, 5, 9], 1],
    ['all of every other image', 4, 5, 4, [1, 3, 5, 9], 1],
  ])('%s: others are missed', (_, tiles, offset, updates, ids, missed) => {
    expect(ofConsumers(tiles, offset, ids, updates)).toMatchObject({ missed, offPhase: 0, repeated: 0 });
  });

  it('who gets which changes, or is not known: ids may leap', () => {
    expect(ofConsumers(4, 6, [1, 2, 4, 5])).toMatchObject({ missed: 0, offPhase: 0 });
    expect(ofConsumers(0, 4, [1, 2, 3])).toMatchObject({ missed: 0, offPhase: 0 });
  });
});

describe('ids that wrap around', () => {
  const max = 2 ** 31 - 1;

  it.each([
    ['to the most negative number', [max - 1, max, -max - 1, -max]],
    ['to zero', [max - 1, max, 0, 1]],
    ['to one', [max - 1, max, 1, 2]],
  ])('%s miss nothing', (_, ids) => {
    expect(track(ids)).toMatchObject({ wrapped: 1, missed: 0, rewound: 0 });
  });

  it('miss what is absent on both sides', () => {
    const tracker = track([max - 2, -max + 1]);
    expect(tracker).toMatchObject({ wrapped: 1, missed: 4 });
  });

  it('list what is absent on both sides, and take what comes late from before', () => {
    const tracker = track([max - 2, -max + 1, max, max - 4]);
    expect(tracker).toMatchObject({ wrapped: 1, missed: 3, late: 1, rewound: 1 });
    expect(tracker.missing.list).toEqual([
      { first: max - 1, last: max - 1, step: 1 },
      { first: -max - 1, last: -max, step: 1 },
    ]);
    expect(track([max - 2, 3])).toMatchObject({ wrapped: 1, missed: 5 });
  });

  it('keep the turns of a distributor', () => {
    const tracker = track([max - 1, max, -max - 1, -max + 9, -max + 10, -max + 11], {
      offset: 10,
      sequentialUpdates: 3,
    });
    expect(tracker).toMatchObject({ wrapped: 1, missed: 0, offPhase: 0 });
  });

  it('wrap where their type says', () => {
    const tracker = new IdTracker(whole);
    tracker.type = { bits: 8, signed: false };
    for (const id of [254, 255, 0, 3]) tracker.note(id);
    expect(tracker).toMatchObject({ wrapped: 1, missed: 2 });
    expect(track([2_000_000_000, 1])).toMatchObject({ rewound: 1, wrapped: 0 });
  });
});
