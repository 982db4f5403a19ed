import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IdType } from '../../../src/hpc/ids/id-tracker.js';
import { effectiveCacheSize } from '../../../src/hpc/collector/collector-config.js';
import { Sorter, type Item } from './sorter.js';

/** Anything that can happen to a cache. */
type Step =
  | {
      readonly kind: 'add';
      readonly id: number;
      readonly producer: number;
      readonly bytes: number;
      readonly tile: string | undefined;
    }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'gone' | 'back'; readonly producer: number }
  | { readonly kind: 'resize'; readonly size: number };

const producer = fc.integer({ min: 1, max: 3 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      id: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.constantFrom(3000, 100_000)),
      producer,
      bytes: fc.integer({ min: 0, max: 9 }),
      tile: fc.constantFrom(undefined, undefined, 'a', 'b'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 80 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('gone' as const, 'back' as const), producer }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('resize' as const), size: fc.integer({ min: 1, max: 8 }) }) },
);

const options = fc.record({
  producers: fc.constant(3),
  size: fc.integer({ min: 1, max: 12 }),
  bytes: fc.integer({ min: 1, max: 60 }),
  timeoutMs: fc.integer({ min: 0, max: 100 }),
  offset: fc.integer({ min: 1, max: 3 }),
  watermark: fc.boolean(),
  onFull: fc.constantFrom('wait' as const, 'release' as const),
  objectsPerId: fc.integer({ min: 0, max: 3 }),
});

function carryOut(sorter: Sorter, step: Step): void {
  const { cache } = sorter;
  if (step.kind === 'add') return void sorter.put({ id: step.id, tile: step.tile }, step.producer, step.bytes);
  if (step.kind === 'wait') return cache.expire(sorter.wait(step.ms).now);
  if (step.kind === 'resize') return void (cache.limits = { ...cache.limits, objects: step.size });
  if (step.kind === 'gone') cache.wentAway(step.producer);
  else cache.connected(step.producer);
}

/** The ids of what leaves grow from batch to batch, but where a new counting begins. */
function checkOrder(sorter: Sorter): void {
  const ids = sorter.left;
  const steps = ids.filter((id, at) => at > 0 && id < (ids[at - 1] as number));
  expect(steps.length).toBeLessThanOrEqual(sorter.cache.figures().restarts);
  const wholes = sorter.batches.flatMap((batch, at, all) =>
    at > 0 && batch[0] === all[at - 1]?.at(-1) ? [batch[0]] : [],
  );
  expect(wholes.length).toBeLessThanOrEqual(sorter.cache.figures().restarts); // an id leaves as a whole
}

describe('whatever comes', () => {
  it('leaves once and in order, or is turned away with a reason, and the cache keeps its limits', () => {
    fc.assert(
      fc.property(options, fc.array(anyStep, { maxLength: 80 }), (chosen, steps) => {
        const sorter = new Sorter(chosen);
        for (const step of steps) {
          carryOut(sorter, step);
          const { received, released, late, duplicate, cached } = sorter.cache.figures();
          expect(received).toBe(released + late + duplicate + cached);
          const times = chosen.onFull === 'wait' && chosen.watermark ? 2 : 1;
          expect(cached).toBeLessThan(times * sorter.cache.limits.objects);
          expect(sorter.cache.bytes).toBeLessThan(times * sorter.cache.limits.bytes);
          expect(sorter.cache.deadline ?? Infinity).toBeGreaterThan(sorter.now - 81);
        }
        sorter.cache.flush();
        expect(sorter.cache.cached).toBe(0);
        expect(sorter.cache.bytes).toBe(0);
        const fates = [...sorter.items.flat(), ...sorter.rejectedItems];
        expect(fates).toHaveLength(steps.filter(({ kind }) => kind === 'add').length);
        expect(new Set(fates).size).toBe(fates.length);
        checkOrder(sorter);
      }),
      { numRuns: 500 },
    );
  });

  it('waits no longer than it may', () => {
    fc.assert(
      fc.property(options, fc.array(anyStep, { maxLength: 40 }), (chosen, steps) => {
        const sorter = new Sorter(chosen);
        for (const step of steps) carryOut(sorter, step);
        sorter.wait(chosen.timeoutMs).cache.expire(sorter.now);
        expect(sorter.cache.cached).toBe(0);
        expect(sorter.cache.deadline).toBeUndefined();
      }),
    );
  });
});

/** A stream that several producers share, as it comes: each keeps its order, but they run apart by `lag` at most. */
interface Stream {
  readonly producers: number;
  readonly ids: readonly number[];
  readonly lost: ReadonlySet<number>;
  readonly arrivals: readonly { readonly item: Item; readonly producer: number; readonly isCopy: boolean }[];
}

const MAX_LAG = 6;

const someStream = (start: fc.Arbitrary<number>, type: IdType): fc.Arbitrary<Stream> =>
  fc
    .record({
      producers: fc.integer({ min: 1, max: 4 }),
      start,
      frames: fc.array(
        fc.record({ owner: fc.nat(3), lag: fc.nat(MAX_LAG), isLost: fc.nat(9), isCopied: fc.nat(9), tiles: fc.nat(2) }),
        { minLength: 2, maxLength: 60 },
      ),
    })
    .map(({ producers, start, frames }) => streamOf(producers, start, frames, type));

interface Frame {
  owner: number;
  lag: number;
  isLost: number;
  isCopied: number;
  tiles: number;
}

function streamOf(producers: number, start: number, frames: readonly Frame[], { bits }: IdType): Stream {
  const half = 2 ** (bits - 1);
  const wrap = (id: number) => (id >= half ? id - 2 * half : id);
  const ids = frames.map((_, at) => wrap(start + at));
  const lost = new Set(ids.filter((_, at) => at > 0 && at < ids.length - 1 && frames[at]?.isLost === 0));
  const dueOf = new Array<number>(producers).fill(0);
  const arrivals = frames.flatMap((frame, at) => {
    const owner = frame.owner % producers;
    dueOf[owner] = Math.max(dueOf[owner] as number, at + frame.lag);
    const id = ids[at] as number;
    if (lost.has(id)) return [];
    const tiles = Array.from({ length: frame.tiles + 1 }, (_, tile) => ({ id, tile: String(tile) }));
    const objects = frame.isCopied === 0 ? [...tiles, tiles[0] as Item] : tiles;
    return objects.map((item, nth) => ({
      item: { ...item },
      producer: owner + 1,
      isCopy: nth === tiles.length,
      due: dueOf[owner] as number,
    }));
  });
  arrivals.sort((one, other) => one.due - other.due);
  return { producers, ids, lost, arrivals };
}

const int32 = { bits: 32, signed: true };

describe.each([
  ['ids from 1', fc.constant(1)],
  ['ids that wrap around', fc.integer({ min: 2 ** 31 - 60, max: 2 ** 31 - 1 })],
])('%s, disordered by less than the cache holds', (_what, start) => {
  it.each([true, false])('all leave in order, copies are told and losses counted (watermark: %s)', (watermark) => {
    fc.assert(
      fc.property(someStream(start, int32), (stream) => {
        const sorter = new Sorter({ producers: stream.producers, size: 8 * (MAX_LAG + 2), watermark });
        sorter.cache.idType = int32;
        for (const { item, producer } of stream.arrivals) sorter.put(item, producer, 1);
        sorter.cache.flush();
        const wanted = stream.ids.filter((id) => !stream.lost.has(id));
        expect([...new Set(sorter.left)]).toEqual(wanted);
        const copies = stream.arrivals.filter(({ isCopy }) => isCopy).map(({ item }) => item);
        expect(sorter.rejected.map(([id]) => id).sort()).toEqual(copies.map(({ id }) => id).sort());
        expect(sorter.rejected.every(([, reason]) => reason === 'duplicate')).toBe(true);
        expect(sorter.ids).toMatchObject({ missed: stream.lost.size, rewound: 0, repeated: 0, restarted: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

describe('producers that are held back when they are ahead', () => {
  it('lose nothing, however far they would run apart, and all leave in order', () => {
    const choice = fc.record({
      producers: fc.integer({ min: 1, max: 4 }),
      size: fc.integer({ min: 1, max: 6 }),
      owners: fc.array(fc.nat(3), { minLength: 1, maxLength: 100 }),
      turns: fc.infiniteStream(fc.nat(3)),
      objectsPerId: fc.integer({ min: 0, max: 1 }),
    });
    fc.assert(
      fc.property(choice, ({ producers, size, owners, turns, objectsPerId }) => {
        const sorter = new Sorter({
          producers,
          size: effectiveCacheSize(size, producers),
          onFull: 'wait',
          objectsPerId,
        });
        const queues = Array.from({ length: producers }, (_, each) =>
          owners.flatMap((owner, at) => (owner % producers === each ? [at + 1] : [])),
        );
        for (let each = 0; each < producers; each++) if (queues[each]?.length === 0) sorter.cache.wentAway(each + 1);
        while (queues.some(({ length }) => length > 0)) {
          const ready = queues.flatMap((queue, each) =>
            queue.length > 0 && !sorter.cache.isAhead(each + 1) ? [each] : [],
          );
          expect(ready.length).toBeGreaterThan(0); // one at least may go on
          const each = ready[turns.next().value % ready.length] as number;
          sorter.add(queues[each]?.shift() as number, each + 1);
          if (queues[each]?.length === 0) sorter.cache.wentAway(each + 1);
        }
        sorter.cache.flush();
        expect(sorter.left).toEqual(owners.map((_, at) => at + 1));
        expect(sorter.cache.figures()).toMatchObject({ late: 0, duplicate: 0 });
      }),
      { numRuns: 300 },
    );
  });
});

describe('a source that counts anew', () => {
  it.each(['came back', 'paused', 'went on at once'])(
    'loses nothing, in no order that is not its own (it %s)',
    (how) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 3 }),
          fc.integer({ min: 9, max: 20 }),
          fc.integer({ min: 9, max: 20 }),
          fc.boolean(),
          (producers, before, after, watermark) => {
            const sorter = new Sorter({ producers, size: 50, watermark });
            const send = (ids: number) => {
              for (let id = 1; id <= ids; id++) sorter.add(id, 1 + (id % producers));
            };
            send(before);
            if (how === 'paused') sorter.wait(6000);
            for (let each = 1; how === 'came back' && each <= producers; each++) {
              sorter.cache.wentAway(each);
              sorter.comeBack(each);
            }
            send(after);
            sorter.cache.flush();
            const counted = (ids: number) => Array.from({ length: ids }, (_, i) => i + 1);
            expect(sorter.left).toEqual([...counted(before), ...counted(after)]);
            expect(sorter.cache.figures()).toMatchObject({ late: 0, duplicate: 0, restarts: 1 });
            expect(sorter.ids.missed).toBe(0);
          },
        ),
      );
    },
  );
});
