/** Clients that monitor a channel of ours before it has a type: what they are shown once it has one. */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { NtScalar, PvaClient, PvaServer } from 'pvaflow';
import { getLogger } from '../../src/core/logger.js';
import { Publisher } from '../../src/hpc/outputs/publisher.js';
import { until } from '../hpc/stream.js';
import { startCorePvaMonitor } from '../peers/core-pva.js';
import { nextUpdate } from '../peers/events.js';
import { newPlace, type Place } from '../peers/network.js';
import { ourClientOf, ourServerAt } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { PythonClient } from '../peers/python.js';

const peers = usePeers();
let place: Place;
let server: PvaServer;
beforeAll(async () => {
  place = await newPlace();
  server = new PvaServer(ourServerAt(place));
});
afterAll(() => server.close());

const open: { close(): void }[] = [];
afterEach(() => open.splice(0).forEach((each) => each.close()));

/** Has a client monitor a channel; what is returned tells the first so many values that it is shown. */
type Monitor = (channel: string) => Promise<(count: number) => Promise<number[]>>;

/** What the clients of Python tell: p4p's also of the connection. */
interface Event {
  readonly value?: number | { readonly value: number };
}

function pythonMonitor(start: () => Promise<PythonClient>): Monitor {
  return async (name) => {
    const client = await start();
    await client.request('monitor', { name });
    const shown = async (values: number, events = values): Promise<number[]> => {
      const all = await client.request<Event[]>('events', { name, count: events });
      const found = all.flatMap(({ value = [] }) =>
        typeof value === 'object' && 'value' in value ? value.value : value,
      );
      return found.length >= values ? found.slice(0, values) : shown(values, all.length + 1);
    };
    return shown;
  };
}

const monitors: Record<string, Monitor> = {
  ours: (name) => {
    const client = new PvaClient(ourClientOf(place));
    const subscription = client.monitor(name);
    open.push(subscription, client);
    const values: number[] = [];
    return Promise.resolve(async (count) => {
      while (values.length < count) values.push((await nextUpdate(subscription)).get<number>('value'));
      return values;
    });
  },
  pvapy: pythonMonitor(() => PythonClient.pvapy(peers, place)),
  p4p: pythonMonitor(() => PythonClient.p4p(peers, place)),
  'core-pva': async (name) => {
    const monitor = await startCorePvaMonitor(peers, name, place);
    return async (count) => {
      const values = Array.from({ length: count }, (_, value) => value);
      for (const value of values) await monitor.line(new RegExp(`double value ${value}\\.0$`));
      return values;
    };
  },
};

it.each(Object.keys(monitors))('an output shows a client that waited all that is published: %s', async (peer) => {
  const channel = `untyped:${peer}`;
  const errors: string[] = [];
  const output = new Publisher({
    ...{ server, channel, onFull: 'wait', logger: getLogger('untyped-channel') },
    onError: (_, message) => void errors.push(message),
    onOverflow: () => {},
  });
  const shown = await (monitors[peer] as Monitor)(channel);
  await until(() => output.channel.stats().waiting === 1);
  for (const value of [1, 2, 3]) {
    void output.update(NtScalar.from(value));
    await shown(value + 1); // most of these clients drop what comes faster than they take it
  }
  expect(await shown(4)).toEqual([0, 1, 2, 3]); // what a channel holds before its first value, and all of them
  expect(output).toMatchObject({ published: 3, errors: 0, waiting: 0 });
  expect(output.channel.stats().waiting).toBe(0);
  expect(errors).toEqual([]);
});
