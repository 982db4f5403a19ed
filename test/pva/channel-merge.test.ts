import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PvaClient } from '../../src/pva/client.js';
import type { OnFull } from '../../src/pva/on-full.js';
import type { PvObject } from '../../src/pva/pv-object.js';
import type { Subscription } from '../../src/pva/subscription.js';
import { isAccounted, subscribed, until, useServers } from './serving.js';

const newServer = useServers();
const FIELDS = ['a', 'b', 'c', 'd'] as const;
type Fields = Partial<Record<(typeof FIELDS)[number], number>>;

/** What a client puts together from the changed fields of each update. */
class Mirror {
  readonly fields: Fields = {};
  updates = 0;

  drain(subscription: Subscription): void {
    for (const event of subscription.take()) if (event.type === 'update') this.take(event.value);
  }

  private take(value: PvObject): void {
    this.updates++;
    for (const field of FIELDS) if (value.isChanged(field)) this.fields[field] = value.get(field);
    value.release();
  }
}

const update = fc.record({ a: fc.nat(), b: fc.nat(), c: fc.nat(), d: fc.nat() }, { requiredKeys: [] });
const step = fc.record({ updates: fc.array(update, { maxLength: 12 }), drain: fc.boolean() });
const run = fc.record({
  onFull: fc.constantFrom<OnFull>('wait', 'dropOldest', 'dropNewest'),
  frames: fc.integer({ min: 1, max: 4 }),
  pipeline: fc.boolean(),
  steps: fc.array(step, { maxLength: 12 }),
});

it('whatever is posted and dropped, a subscriber ends with the value of the channel, and every update is accounted for', async () => {
  const property = fc.asyncProperty(run, async ({ onFull, frames, pipeline, steps }) => {
    const server = newServer();
    const channel = server.addChannel('X', { a: 'int', b: 'int', c: 'int', d: 'int' }, { onFull, queue: { frames } });
    using client = new PvaClient(server.clientConfig());
    const queue = { frames: 2, onFull: 'wait' } as const;
    using subscription = client.monitor('X', { pipeline, queueSize: 2, queue });
    const mirror = new Mirror();
    await subscribed(channel);
    const settle = async (promise: void | Promise<void>) => {
      let done = promise === undefined;
      void promise?.then(() => (done = true));
      await until(() => (mirror.drain(subscription), done));
    };
    for (const { updates, drain } of steps) {
      for (const fields of updates) {
        await settle(channel.post(fields));
        expect(channel.stats().subscribers.every(isAccounted)).toBe(true);
      }
      if (drain) mirror.drain(subscription);
    }
    const idle = () => channel.stats().subscribers.every(({ queued, unsent }) => queued + unsent === 0);
    await until(() => (mirror.drain(subscription), idle()));
    await settle(channel.post({ d: -1 })); // brings what dropNewest owes
    await until(() => (mirror.drain(subscription), mirror.fields.d === -1 && idle()));
    expect(mirror.fields).toEqual(channel.value?.toObject());
    server.close();
  });
  await fc.assert(property, { numRuns: 60 });
});
