import { describe, expect, it } from 'vitest';
import { SharedIds } from '../../../src/hpc/consumers/shared-ids.js';
import { ReceivedIds } from '../../../src/hpc/ids/received-ids.js';
import { losses, none } from './reports.js';

const SETTLE_MS = 2000;

/** Some consumers of a shared stream, as their parent hears of them. */
class Shared {
  now = 0;
  readonly ids = new SharedIds(SETTLE_MS);
  readonly #consumers = new Map<string, ReceivedIds>();

  /** A consumer received some ids, in a new counting if it says so, and tells of them. */
  told(name: string, ids: readonly number[], isAnew = false): this {
    const received = this.#received(name);
    if (isAnew) received.countAnew();
    for (const id of ids) received.add(id);
    this.ids.add(received, received.take(), this.now);
    return this;
  }

  killed(name: string): this {
    this.ids.ended(this.#received(name));
    this.#received(name).take();
    return this;
  }

  wait(ms: number): this {
    this.now += ms;
    for (const received of this.#consumers.values()) this.ids.add(received, [], this.now);
    return this;
  }

  #received(name: string): ReceivedIds {
    const received = this.#consumers.get(name) ?? new ReceivedIds();
    this.#consumers.set(name, received);
    return received;
  }
}

function range(first: number, last = first) {
  return { first, last, step: 1 };
}

describe('the ids of a shared stream', () => {
  it('are missed when nobody received them', () => {
    const { ids } = new Shared().told('a', [1, 3, 5, 9]).told('b', [2, 4, 8, 10]).wait(SETTLE_MS);
    expect(ids.gaps()).toEqual({ missed: losses(range(6, 7)), notFetched: none, isCertain: true });
  });

  it('are not yet missed as long as they may be on their way', () => {
    const shared = new Shared().told('a', [1, 3, 5]).wait(SETTLE_MS).told('a', [9]);
    shared.ids.freeze(shared.now);
    shared.told('b', [2, 10]);
    expect(shared.ids.gaps()).toEqual({ missed: losses(range(4)), notFetched: losses(range(6, 8)), isCertain: true });
  });

  it('are others when the source has counted anew', () => {
    const shared = new Shared().told('a', [1, 3, 5, 7]).told('b', [2, 4, 8]);
    shared.told('b', [1, 3, 6], true).told('b', [8, 10]).told('a', [2, 4, 7, 9], true).wait(SETTLE_MS);
    expect(shared.ids.gaps()).toEqual({
      missed: losses(range(6), range(5)),
      notFetched: none,
      isCertain: true,
    });
  });

  it('are placed also when a consumer tells of two countings at once, for the first time', () => {
    const shared = new Shared().told('a', [1, 3]).told('a', [1, 3], true);
    const late = new ReceivedIds();
    late.add(2);
    late.countAnew();
    late.add(2);
    shared.ids.add(late, late.take(), shared.now);
    expect(shared.wait(SETTLE_MS).ids.gaps()).toEqual({ missed: none, notFetched: none, isCertain: true });
  });

  it('are known around the death of a consumer after the source has counted anew', () => {
    const shared = new Shared().told('a', [1, 3]).told('b', [2, 4]);
    shared.told('a', [1, 3], true).told('b', [2], true).killed('b').told('a', [5, 7, 9]);
    shared.told('b', [8, 10]).wait(SETTLE_MS);
    expect(shared.ids.gaps()).toEqual({ missed: losses(range(4), range(6)), notFetched: none, isCertain: true });
  });

  it('are of the new counting for a consumer that was started while the source was away', () => {
    const shared = new Shared().told('a', [1, 3]).told('b', [2, 4]).killed('b').wait(SETTLE_MS);
    shared.told('a', [1, 3], true).told('b', [2, 4]).wait(SETTLE_MS);
    expect(shared.ids.gaps()).toEqual({ missed: none, notFetched: none, isCertain: true });
  });

  it('are of the new counting for a consumer that tells of ids only when that has gone on for a while', () => {
    const shared = new Shared().told('a', [1, 3]).told('b', [2, 4]).killed('b').told('a', [1, 3], true).wait(SETTLE_MS);
    expect(shared.told('b', [2, 4]).ids.gaps()).toEqual({ missed: none, notFetched: none, isCertain: true });
  });

  it('are in one of two countings when a consumer first tells of ids as another counts anew: what nobody can have received is missed', () => {
    const shared = new Shared().told('a', [1, 4, 9]).told('a', [1, 5], true).told('b', [2, 4, 30]).wait(SETTLE_MS);
    const missed = losses(range(3), range(5, 8), range(3));
    expect(shared.ids.gaps()).toEqual({ missed, notFetched: none, isCertain: false });
    shared.told('b', [6, 8]).told('a', [7, 10]).wait(SETTLE_MS); // by now it is in the second
    expect(shared.ids.gaps()).toEqual({
      missed: losses(range(3), range(5, 8), range(3), range(9)),
      notFetched: none,
      isCertain: false,
    });
  });

  it('are not trusted after the death of a consumer that had stayed behind', () => {
    const shared = new Shared().told('a', [1, 3]).told('b', [2, 4]).killed('b').told('b', [2]);
    shared
      .told('a', [1, 3], true)
      .wait(SETTLE_MS + 1)
      .told('b', [4])
      .killed('b');
    expect(shared.ids.gaps().isCertain).toBe(false);
  });

  it('are not trusted when some go on with one counting and some with the next', () => {
    const shared = new Shared().told('a', [1, 3]).told('b', [2, 4]).told('a', [1, 3], true);
    expect(shared.ids.gaps().isCertain).toBe(true); // the other may follow
    shared.wait(SETTLE_MS + 1).told('b', [2, 4]);
    expect(shared.ids.gaps().isCertain).toBe(false);
  });

  it('take no more memory however often the source counts anew, and what was missed stays known', () => {
    const shared = new Shared();
    for (let run = 0; run < 500; run++) shared.told('a', [1, 3, 4], run > 0);
    expect(shared.wait(SETTLE_MS).ids.gaps()).toMatchObject({ missed: { count: 500 }, isCertain: true });
    shared.told('b', [2]).told('c', [1, 2, 3]);
    expect(shared.wait(SETTLE_MS).ids.gaps()).toMatchObject({ missed: { count: 499 }, isCertain: true });
  });

  it('are not trusted from a consumer that is too many countings behind', () => {
    const shared = new Shared().told('b', [2]);
    for (let run = 0; run < 200; run++) shared.told('a', [1, 3], run > 0);
    expect(shared.told('b', [4]).ids.gaps().isCertain).toBe(false);
  });
});
