import { expect, it } from 'vitest';
import { onFullPolicies } from '../../src/pipeline/bounded-queue.js';
import type { ProcessResult } from '../../src/pipeline/interfaces.js';
import { Pipeline } from '../../src/pipeline/pipeline.js';
import { FakeClock, ManualSource } from './fakes.js';

interface Event {
  id: number;
  released: number;
}

/** Numbers that look random and depend on the seed alone. */
function generator(seed: number): (below: number) => number {
  let state = seed | 0;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** A processor that does anything a user's class may do. */
function anything(random: (below: number) => number, clock: FakeClock, made: Event[]) {
  const make = (id: number) => {
    const event = { id, released: 0 };
    made.push(event);
    return event;
  };
  return (event: Event): ProcessResult<Event> => {
    clock.spend(random(4));
    switch (random(12)) {
      case 0:
        throw new RangeError('thrown');
      case 1:
        return undefined;
      case 2:
        return make(event.id);
      case 3:
        return new Promise((resolve) => clock.after(random(50), () => resolve(event)));
      case 4:
        return new Promise((_, reject) => clock.after(random(50), () => reject(new TypeError('rejected'))));
      case 5:
        return (function* () {
          yield make(event.id);
          if (random(3) === 0) throw new SyntaxError('half way');
          yield event;
        })();
      case 6:
        return new Promise((resolve) => clock.after(random(20), () => resolve(null)));
      default:
        return event;
    }
  };
}

async function simulate(seed: number): Promise<void> {
  const random = generator(seed);
  const clock = new FakeClock();
  const source = new ManualSource<Event>();
  const made: Event[] = [];
  const came: Event[] = [];
  const onFull = onFullPolicies[random(4)] as (typeof onFullPolicies)[number];
  const accumulate = random(4) === 0 ? { items: 1 + random(5), timeoutMs: random(40) } : undefined;
  const stages = Array.from({ length: 1 + random(3) }, (_, i) => ({
    name: `stage${i}`,
    processor: { process: anything(random, clock, made) },
  }));
  const queue = {
    items: 1 + random(8),
    bytes: 1 + random(40),
    onFull,
    sizeOf: () => random(9),
    eager: random(2) === 0,
    accumulate,
  };
  const pipeline = new Pipeline<Event>({
    clock,
    sources: [{ name: 'source', source, queue }],
    processors: stages,
    sink: {
      write: () => {
        if (random(20) === 0) throw new Error('no room');
      },
      ready: () => (random(10) === 0 ? new Promise((resolve) => clock.after(random(30), () => resolve())) : undefined),
    },
    release: (event) => void (event.released += 1),
  });
  pipeline.start();
  const check = () => expect(pipeline.imbalance()).toBeUndefined();
  for (let step = 0; step < 60; step++) {
    const events = Array.from({ length: random(6) }, () => ({ id: came.length, released: 0 }));
    if (!source.paused && pipeline.state !== 'ended') came.push(...events);
    source.emit(...(pipeline.state === 'ended' ? [] : events));
    check();
    await clock.advance(random(15));
    check();
    if (random(30) === 0) pipeline.resetStats();
    if (random(100) === 0) pipeline.stop();
    check();
  }
  await finish(pipeline, clock, random);
  check();
  expect(pipeline.inFlight).toBe(0);
  const left = new Set(source.waiting);
  for (const event of came) if (!left.has(event)) expect(event.released, `releases of ${event.id}`).toBe(1);
  for (const event of made) expect(event.released).toBeLessThanOrEqual(1);
  expect(source.closed).toBe(1);
}

async function finish(pipeline: Pipeline<Event>, clock: FakeClock, random: (below: number) => number): Promise<void> {
  if (random(4) > 0) void pipeline.drain().catch(() => {});
  else pipeline.stop();
  for (let i = 0; i < 2000 && (pipeline.state !== 'ended' || i < 20); i++) await clock.advance(10);
  expect(pipeline.state).toBe('ended');
}

it('accounts for every event, whatever policies, failures and timings there are', async () => {
  const only = process.env.PVAFLOW_SEED;
  const first = only === undefined ? Date.now() % 1_000_000_000 : Number(only);
  const count = only === undefined ? 300 : 1;
  for (let seed = first; seed < first + count; seed++) {
    try {
      await simulate(seed);
    } catch (cause) {
      throw new Error(`replay with: PVAFLOW_SEED=${seed} npx vitest run test/pipeline/simulation.test.ts`, { cause });
    }
  }
});
