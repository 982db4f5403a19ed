/** Mirrors of channels that are served in this process. */
import { afterEach, describe, expect, it } from 'vitest';
import { parseChannelMap } from '../../../src/hpc/mirror/channel-map.js';
import { mirrorMetrics } from '../../../src/hpc/mirror/mirror-metrics.js';
import { MirrorServer, type MirrorServerConfig } from '../../../src/hpc/mirror/mirror-server.js';
import { NtScalar } from '../../../src/pva/normative/nt-scalar.js';
import type { PvaChannel } from '../../../src/pva/channel.js';
import { PvaClient } from '../../../src/pva/client.js';
import type { PvaServer } from '../../../src/pva/server.js';
import { Reader } from '../../pva/clients.js';
import { frame, until, useServers } from '../../pva/serving.js';

const newServer = useServers();
const clients: PvaClient[] = [];
const mirrors: MirrorServer[] = [];
afterEach(() => {
  for (const client of clients.splice(0)) client.close();
  for (const mirror of mirrors.splice(0)) mirror.abort();
});

/** A running mirror of what `source` serves, and a way to read it. */
function mirrorOf(source: PvaServer, map: string, config: Partial<MirrorServerConfig> = {}) {
  const channels = parseChannelMap(map);
  const mirror = new MirrorServer({
    channels,
    ...config,
    network: { client: source.clientConfig(), server: { isolated: true } },
  });
  mirrors.push(mirror);
  mirror.start();
  return mirror;
}

const read = (mirror: MirrorServer, name: string) => {
  const client = new PvaClient(mirror.clientConfig());
  clients.push(client);
  return { client, reader: new Reader(client.monitor(name)) };
};

async function post(channel: PvaChannel, ids: readonly number[]): Promise<void> {
  for (const id of ids) await channel.post(frame(id));
}

const range = (first: number, last: number) => Array.from({ length: last - first + 1 }, (_, at) => first + at);

describe('a mirror', () => {
  it('has what the source has, loses nothing of it, and waits for a slow subscriber', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image)', { queue: { frames: 2, bytes: 2 ** 20 } });
    const { reader } = read(mirror, 'm');
    expect((await reader.until('update')).value.get('uniqueId')).toBe(1);
    const posting = post(channel, range(2, 500));
    expect(await reader.values('uniqueId', 499)).toEqual(range(2, 500));
    await posting;
    expect(mirror.figures()['m']).toMatchObject({
      nReceived: 500,
      nPublished: 500,
      nOverruns: 0,
      nDropped: 0,
      nErrors: 0,
      isConnected: true,
    });
    expect(mirror.notReady()).toBeUndefined();
    await mirror.drain(2);
  });

  it('tells by the ids what never came, whatever the source says', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image)');
    const { reader } = read(mirror, 'm');
    await reader.until('update');
    await post(channel, [2, 3, 7, 8, 10]);
    await reader.values('uniqueId', 5);
    expect(mirror.figures()['m']).toMatchObject({ nReceived: 6, nOverruns: 0, nMissed: 4 });
    source.removeChannel('image'); // the alarm of the loss has no id
    await until(() => mirror.figures()['m']?.nLosses === 1);
    const again = source.addChannel('image', frame(1));
    await until(() => mirror.figures()['m']?.isConnected === true);
    await post(again, [2, 4]);
    await until(() => mirror.figures()['m']?.nMissed === 5);
  });

  it('drops what a slow subscriber has no room for, if that is asked for', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image)', { onFull: 'dropOldest', queue: { frames: 2, bytes: 2 ** 20 } });
    const { client, reader } = read(mirror, 'm');
    await reader.until('update');
    const idle = client.monitor('m', { pipeline: true, queueSize: 2, queue: { frames: 1 } });
    await until(() => mirror.figures()['m']?.subscribers === 2);
    await post(channel, range(2, 200));
    await until(() => mirror.figures()['m']?.nPublished === 200);
    expect(mirror.figures()['m']?.nDropped).toBeGreaterThan(0);
    idle.close();
  });

  it('keeps the last value with an INVALID alarm while the source is away, also for those who come then', async () => {
    const source = newServer();
    source.addChannel('x', NtScalar.from(5));
    const mirror = mirrorOf(source, '(m,x)');
    const { client, reader } = read(mirror, 'm');
    expect((await reader.until('update')).value.get('value')).toBe(5);
    source.removeChannel('x');
    const { value: lost } = await reader.until('update');
    expect(lost.alarm).toMatchObject({
      severityName: 'INVALID',
      statusName: 'CLIENT',
      message: 'pva://x is not connected',
    });
    expect(lost.get('value')).toBe(5);
    const late = await client.get('m');
    expect([late.get('value'), late.alarm.severity]).toEqual([5, 3]);
    expect(mirror.notReady()).toBe('no source for m');

    source.addChannel('x', NtScalar.from(6));
    const { value: back } = await reader.until('update');
    expect(back.get('value')).toBe(6);
    expect(back.alarm).toMatchObject({ severity: 0, message: '' });
    expect(mirror.figures()['m']).toMatchObject({ nLosses: 1, isConnected: true, nErrors: 0 });
  });

  it('does not send the value that it shows already as if it were another, when the source is there again', async () => {
    const source = newServer();
    const image = frame(5).set('timeStamp', { secondsPastEpoch: 7n });
    source.addChannel('x', image);
    const mirror = mirrorOf(source, '(m,x)');
    const { reader } = read(mirror, 'm');
    await reader.until('update');
    source.removeChannel('x');
    expect((await reader.until('update')).value.get('alarm.severity')).toBe(3);
    source.addChannel('x', image);
    const { value } = await reader.until('update');
    expect([value.get('uniqueId'), value.get('alarm.severity')]).toEqual([5, 0]);
    expect(value.changedFields().filter((path) => !path.startsWith('alarm'))).toEqual([]);
  });

  it('tells all consumers that share its frames of a source that went away, and that it is there again', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image)');
    const readers = [1, 2].map(() => {
      const client = new PvaClient(mirror.clientConfig());
      clients.push(client);
      return new Reader(client.monitor('m', { distributor: {} }));
    });
    const next = (field: string) => Promise.all(readers.map(async (reader) => (await reader.values(field, 1))[0]));
    expect(await next('uniqueId')).toEqual([1, 1]);
    await post(channel, [2, 3]);
    expect((await next('uniqueId')).toSorted()).toEqual([2, 3]);
    source.removeChannel('image');
    expect(await next('alarm.severity')).toEqual([3, 3]);
    source.addChannel('image', frame(4));
    const back = await Promise.all(readers.map(async (reader) => (await reader.until('update')).value));
    expect(back.map((value) => value.get('alarm.severity'))).toEqual([0, 0]);
    expect(back.filter((value) => value.get('uniqueId') === 4)).toHaveLength(1);
  });

  it('has its clients reconnect when the source comes back with another type', async () => {
    const source = newServer();
    source.addChannel('x', NtScalar.from(5));
    const mirror = mirrorOf(source, '(m,x)');
    const { reader } = read(mirror, 'm');
    await reader.until('update');
    source.removeChannel('x');
    source.addChannel('x', NtScalar.from('text'));
    await reader.until('disconnected');
    expect((await reader.until('update')).value.get('value')).toBe('text');
  });

  it('of a value without an alarm stays as it is', async () => {
    const source = newServer();
    source.addChannel('x', { value: 'int' });
    const mirror = mirrorOf(source, '(m,x)');
    const { client, reader } = read(mirror, 'm');
    await reader.until('update');
    source.close();
    await until(() => mirror.figures()['m']?.isConnected === false);
    expect((await client.get('m')).get('value')).toBe(0);
  });

  it('may share the updates of a source that distributes them among several monitors', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image,pva,4,3,_[pydistributor=updates:1;group:g;trigger:uniqueId])');
    await until(() => channel.stats().subscribers.filter(({ running }) => running).length === 3);
    await until(() => mirror.figures()['m']?.nReceived === 1);
    const { reader } = read(mirror, 'm');
    await reader.until('update');
    await post(channel, range(2, 100));
    const ids = (await reader.values('uniqueId', 99)) as number[];
    expect(ids.toSorted((a, b) => a - b)).toEqual(range(2, 100));
    expect(mirror.figures()['m']).toMatchObject({ nReceived: 100, nPublished: 100 });
  });

  it('may have fields of the source alone', async () => {
    const source = newServer();
    source.addChannel('x', NtScalar.from(5));
    const mirror = mirrorOf(source, '(m,x,pva,0,1,value,alarm)');
    const { reader } = read(mirror, 'm');
    const { value } = await reader.until('update');
    expect([value.get('value'), value.get('timeStamp.secondsPastEpoch')]).toEqual([5, 0n]);
  });

  it('is not served before its source was there', async () => {
    const source = newServer();
    const mirror = mirrorOf(source, '(m,x),(n,y)');
    source.addChannel('x', NtScalar.from(5));
    await until(() => mirror.figures()['m']?.nPublished === 1);
    expect(mirror.figures()['n']).toMatchObject({ nReceived: 0, isConnected: false });
    expect(mirror.notReady()).toBe('no source for n');
  });

  it('tells its figures to Prometheus', async () => {
    const source = newServer();
    source.addChannel('x', NtScalar.from(5));
    const mirror = mirrorOf(source, '(m,x)');
    await until(() => mirror.figures()['m']?.nPublished === 1);
    const metrics = mirrorMetrics(mirror);
    const values = new Map([...metrics.readings()].map(({ metric, value }) => [metric.name, value]));
    expect(values.get('pvaflow_mirror_published_total')).toBe(1);
    expect(values.get('pvaflow_mirror_connected')).toBe(1);
    expect(metrics.notReady?.()).toBeUndefined();
  });

  it('ends at once when it is aborted, and keeps its account', async () => {
    const source = newServer();
    const channel = source.addChannel('image', frame(1));
    const mirror = mirrorOf(source, '(m,image)');
    await until(() => mirror.figures()['m']?.nPublished === 1);
    void channel.post(frame(2));
    mirror.abort();
    const [only] = mirror.channels;
    const { received = 0, processed = 0, rejected = 0, inFlight } = only?.pipelineStats() ?? {};
    expect(received).toBe(processed + rejected);
    expect(inFlight).toBe(0);
  });
});
