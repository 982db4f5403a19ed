import { setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient } from '../../src/pva/client.js';
import { PvObject } from '../../src/pva/pv-object.js';
import { PvaServer } from '../../src/pva/server.js';
import type { MonitorOptions } from '../../src/pva/monitor-options.js';
import { configureTransport } from '../../src/pva/transport.js';
import { anyStructure } from './arbitraries.js';
import { Reader } from './clients.js';
import { type Alter, isControl, Relay, segmented } from './relay.js';
import { frame, postFrames, subscribed, until, useServers } from './serving.js';

const newServer = useServers();
const open: Disposable[] = [];
afterEach(() => {
  for (const one of open.splice(0).reverse()) one[Symbol.dispose]();
});

// what goes over the wire is what this is about
beforeAll(() => configureTransport({ shared: false }));
afterAll(() => configureTransport({ shared: true }));

const MONITOR = 13;
const BODY = 8;
/** Of the body of an update: after the number of the request and the subcommand. */
const CHANGED = BODY + 5;

/** Monitors a channel over a connection of its own, through a relay. */
async function monitor(
  server: PvaServer,
  channel: string,
  alter: Parameters<typeof Relay.before>[1],
  options: MonitorOptions = {},
) {
  const relay = await Relay.before(server.port, alter);
  const client = new PvaClient({
    nameServers: [`127.0.0.1:${relay.port}`],
    autoAddressList: false,
    useEnvironment: false,
  });
  open.push(relay, client);
  return new Reader(client.monitor(channel, { dedicated: true, ...options }));
}

const isUpdate = (message: Buffer) => !isControl(message) && message[3] === MONITOR && message[BODY + 4] === 0;

/** Changes the update of this number alone, from 0 on. */
function alterUpdate(number: number, change: (message: Buffer) => Buffer): Alter {
  let updates = 0;
  return (message) => [isUpdate(message) && updates++ === number ? change(message) : message];
}

async function framesOf(reader: Reader, last: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.at(-1) !== last) {
    const { value } = await reader.until('update');
    const id = value.get<number>('uniqueId');
    const pixels = value.get<Uint8Array>('value');
    expect(Buffer.compare(pixels, frame(id, pixels.length).get<Uint8Array>('value'))).toBe(0);
    ids.push(id);
    value.release();
  }
  return ids;
}

describe('a connection of its own', () => {
  it('joins messages that come in segments', async () => {
    const server = newServer();
    const channel = server.addChannel('image', frame(0, 80_000));
    const sizes = [500, 507, 1500, 40_000, 66_000];
    let turn = 0;
    const fromServer: Alter = (message) =>
      message.length < 100 ? [message] : segmented(message, isUpdate(message) ? (sizes[turn++ % 5] as number) : 3);
    const reader = await monitor(server, 'image', { fromServer });
    await subscribed(channel);
    void postFrames(channel, 1, 10, 80_000);
    expect(await framesOf(reader, 10)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  });

  it('reads a server of the other byte order', async () => {
    const value = { a: -2, b: 2n ** 63n - 1n, c: 1.25, d: [1, -2, 70_000], e: ['x', 'äöü'], f: [0.5, -1e300] };
    const type = { a: 'short', b: 'long', c: 'float', d: 'int[]', e: 'string[]', f: 'double[]' } as const;
    const server = newServer();
    server.addChannel('x', new PvObject(type, value));
    let first = true;
    const toBigEndian = Buffer.from([0xca, 2, 0x81, 2, 0, 0, 0, 0]);
    const fromClient: Alter = (message) => (first ? ((first = false), [toBigEndian, message]) : [message]);
    let bigEndian = 0;
    const fromServer: Alter = (message) => {
      if (isUpdate(message)) bigEndian += (message[2] as number) >> 7;
      return [message];
    };
    const reader = await monitor(server, 'x', {
      fromClient: eachConnection(fromClient, () => (first = true)),
      fromServer,
    });
    const { value: update } = await reader.until('update');
    expect(update.toObject()).toEqual(new PvObject(type, value).toObject());
    expect(bigEndian).toBeGreaterThan(0);
  });

  it('reads values of all types, as they were sent', async () => {
    const server = newServer();
    let count = 0;
    await fc.assert(
      fc.asyncProperty(anyStructure, async ({ type, input, expected }) => {
        const name = `any:${++count}`;
        // No update ever says that a structure without fields has changed: here something always has.
        server.addChannel(name, new PvObject({ sample: type, always: 'int' }, { sample: input, always: 1 }));
        using client = new PvaClient(server.clientConfig());
        const reader = new Reader(client.monitor(name, { dedicated: true, pipeline: false }));
        expect((await reader.until('update')).value.get('sample')).toEqual(expected);
        server.removeChannel(name);
      }),
      { numRuns: 100 },
    );
  });

  it('fills in what did not come with a frame from what the server has', async () => {
    const server = newServer();
    const channel = server.addChannel('image', frame(1, 100_000));
    const reader = await monitor(server, 'image', {});
    await reader.until('update');
    for (const message of ['first', 'second']) {
      await channel.post({ alarm: { severity: 1, message } });
      const { value } = await reader.until('update');
      expect(value.changedFields()).toEqual(['alarm.severity', 'alarm.message']);
      expect(value.get('alarm.message')).toBe(message);
      expect(value.get('uniqueId')).toBe(1);
      expect(value.get('value')).toEqual(frame(1, 100_000).get('value'));
    }
  });

  it.each([
    ['a header that is none', (message: Buffer) => message.fill(0, 0, 1)],
    ['an array that claims more than its message has', (message: Buffer) => claimMore(message)],
    ['a message that ends too early', (message: Buffer) => cutShort(message)],
  ])('is given up for %s, and made anew', async (_what, change) => {
    const server = newServer();
    const channel = server.addChannel('image', frame(0, 5000));
    const reader = await monitor(server, 'image', { fromServer: alterUpdate(2, change) });
    await reader.until('update');
    await postFrames(channel, 1, 3, 5000);
    await reader.until('disconnected');
    await reader.until('connected');
    expect((await reader.until('update')).value.get('uniqueId')).toBe(3);
  });

  it('is given up for a type that comes to more than memory holds, and made anew', async () => {
    const server = newServer();
    server.addChannel('x', new PvObject({ value: 'int' }, { value: 7 }));
    let connections = 0;
    const reader = await monitor(server, 'x', {
      fromServer: (message) => [isAccepted(message) && connections++ < 1 ? ofType(message, doublingType()) : message],
    });
    expect((await reader.until('update')).value.toObject()).toEqual({ value: 7 });
    expect(connections).toBe(2);
  });

  it('shows the server that it lives while it waits for room', async () => {
    const server = new PvaServer({ isolated: true, connectionTimeout: 3 });
    const client = new PvaClient({ ...server.clientConfig(), connectionTimeout: 3 });
    open.push(server, client);
    const channel = server.addChannel('image', frame(0));
    const subscription = client.monitor('image', { dedicated: true, queueSize: 4, queue: { frames: 2 } });
    await subscribed(channel);
    const posted = postFrames(channel, 1, 20);
    await setTimeout(7000); // the server gives up clients that are silent for 4 s
    const reader = new Reader(subscription);
    expect((await reader.next()).type).toBe('connected');
    for (let id = 0; id <= 20; id++) expect(await reader.next()).toMatchObject({ type: 'update' });
    await posted;
  });

  it('can be closed while it waits for room and its server is gone', async () => {
    const server = newServer();
    const channel = server.addChannel('image', frame(0));
    const client = new PvaClient(server.clientConfig());
    open.push(client);
    const subscription = client.monitor('image', { dedicated: true, queueSize: 4, queue: { frames: 2 } });
    await subscribed(channel);
    void channel.post(frame(1));
    await until(() => subscription.stats().queued === 2);
    server.close();
    subscription.close();
    expect(subscription.stats()).toMatchObject({ queued: 0, discarded: 2 });
  });

  it('survives whatever comes', async () => {
    const server = newServer();
    const channel = server.addChannel('image', frame(0, 2000));
    let damage: (message: Buffer) => Buffer = (message) => message;
    const reader = await monitor(server, 'image', {
      fromServer: (message) => [isUpdate(message) ? damage(message) : message],
    });
    await reader.until('update');
    const damages = fc.array(fc.tuple(fc.nat(3000), fc.nat(255)), { minLength: 1, maxLength: 8 });
    let id = 0;
    for (const hits of fc.sample(damages, { numRuns: 150, seed: 20261121 })) {
      damage = (message) => {
        for (const [at, byte] of hits) message[CHANGED + (at % (message.length - CHANGED))] = byte;
        damage = (other) => other;
        return message;
      };
      await postFrames(channel, id + 1, id + 2, 2000);
      id += 2;
      await untilId(reader, id); // in a frame, or as the current value of the next connection
    }
  });
});

const isAccepted = (message: Buffer) => !isControl(message) && message[3] === MONITOR && message[BODY + 4] === 8;

/** The acceptance of a monitor, little-endian, with another type. */
function ofType(accepted: Buffer, type: Buffer): Buffer {
  const withoutText = 0xff;
  const message = Buffer.concat([accepted.subarray(0, BODY + 5), Buffer.from([withoutText]), type]);
  message.writeUInt32LE(message.length - BODY, 4);
  return message;
}

/** Structures that each have the one before as two members: by their numbers they take a few bytes, in full 2^40 fields. */
function doublingType(): Buffer {
  const structure = (...members: number[][]) => [0x80, 0, members.length, ...members.flat()];
  const named = (type: number[]) => [1, 'x'.charCodeAt(0), ...type];
  const numbered = Array.from({ length: 40 }, (_, number) => {
    const before = named([0xfe, number - 1, 0]);
    return named([0xfd, number, 0, ...(number === 0 ? [0x22] : structure(before, before))]);
  });
  return Buffer.from(structure(...numbered));
}

/** Calls `begin` for the first message of each connection, which is the answer to the validation. */
function eachConnection(alter: Alter, begin: () => void): Alter {
  return (message) => {
    if (!isControl(message) && message[3] === 1) begin();
    return alter(message);
  };
}

/** The count of the pixels, 5000 in the long form, becomes larger than memory. */
function claimMore(message: Buffer): Buffer {
  const count = Buffer.from([0xfe, 0x88, 0x13, 0, 0]);
  const at = message.indexOf(count);
  expect(at).toBeGreaterThan(0);
  message.writeUInt32LE(0xfffffff0, at + 1);
  return message;
}

function cutShort(message: Buffer): Buffer {
  const short = Buffer.from(message.subarray(0, message.length - 3));
  short.writeUInt32LE(short.length - BODY, 4);
  return short;
}

async function untilId(reader: Reader, id: number): Promise<void> {
  for (;;) {
    const { value } = await reader.until('update');
    if (value.get('uniqueId') === id) return;
  }
}
