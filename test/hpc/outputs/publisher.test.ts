import { afterEach, expect, it } from 'vitest';
import { getLogger } from '../../../src/core/logger.js';
import type { OutputOnFull } from '../../../src/hpc/outputs/output.js';
import { Publisher } from '../../../src/hpc/outputs/publisher.js';
import { PvaClient } from '../../../src/pva/client.js';
import { NtNdArray } from '../../../src/pva/normative/nt-nd-array.js';
import { NtScalar } from '../../../src/pva/normative/nt-scalar.js';
import { PvaServer } from '../../../src/pva/server.js';
import { frameOf, until } from '../stream.js';

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

/** What a client of the output sees, in order: ids of images, or values. */
function opened(first?: NtNdArray | NtScalar, onFull: OutputOnFull = 'wait') {
  const server = new PvaServer({ isolated: true });
  const output = new Publisher({
    ...{ server, channel: 'out', onFull, logger: getLogger('publisher-test') },
    onError: (_, message) => seen.push(message),
    onOverflow: () => {},
  });
  if (first !== undefined) output.open(first);
  const client = new PvaClient(server.clientConfig());
  const seen: unknown[] = [];
  const subscription = client.monitor('out');
  subscription.onReadable(() => {
    for (const event of subscription.take()) {
      if (event.type === 'update') seen.push(event.value.get(event.value.has('uniqueId') ? 'uniqueId' : 'value'));
    }
  });
  open.push(subscription, client, server);
  return { output, seen };
}

it('who subscribed before the first object gets all, also when it is of another type than the channel', async () => {
  const { output, seen } = opened(NtScalar.from(0));
  await until(() => seen.length === 1);
  for (const id of [1, 2, 3, 4]) void output.update(frameOf(id));
  await until(() => seen.length === 5);
  expect(seen).toEqual([0, 1, 2, 3, 4]);
  expect(output).toMatchObject({ published: 4, errors: 0 });
});

it('a type that is told late does not disconnect those who see objects already', async () => {
  const { output, seen } = opened();
  await until(() => output.channel.stats().waiting === 1);
  void output.update(NtScalar.from(1)); // as the timer of a processor may, before the first frame
  output.open(new NtNdArray());
  for (const value of [2, 3]) void output.update(NtScalar.from(value));
  await until(() => seen.length === 4);
  expect(seen).toEqual([0, 1, 2, 3]);
  expect(output.channel.type?.id).toBe('epics:nt/NTScalar:1.0');
});

it.each(['wait', 'dropOldest', 'dropNewest', 'fail'] as const)(
  'who waits for the type gets all, also with the policy %s',
  async (onFull) => {
    const { output, seen } = opened(undefined, onFull);
    await until(() => output.channel.stats().waiting === 1);
    for (const id of [1, 2, 3, 4]) void output.update(frameOf(id));
    await until(() => seen.length === 5);
    expect(seen).toEqual([0, 1, 2, 3, 4]);
    expect(output).toMatchObject({ published: 4, errors: 0, waiting: 0 });
  },
);

it('objects whose type changes each time all arrive', async () => {
  const { output, seen } = opened(new NtNdArray());
  await until(() => seen.length === 1);
  for (const id of [1, 3, 5]) {
    void output.update(frameOf(id));
    void output.update(NtScalar.from(id + 1));
  }
  await until(() => seen.length === 7);
  expect(seen).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(output).toMatchObject({ published: 6, errors: 0 });
});
