/** The data distributor: pvaPy's clients behind ours, our clients behind pvaPy's. */
import { afterEach, describe, expect, it } from 'vitest';
import { NtNdArray, PvaClient, PvaServer, type DistributorOptions } from 'pvaflow';
import { newPlace, type Place } from '../peers/network.js';
import { ourClientOf, ourServerAt, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { frameAccountArgs, PythonClient, startPvapyConsumer, startPvapySource } from '../peers/python.js';
import { Reader } from '../pva/clients.js';
import { postFrames, until } from '../pva/serving.js';

const peers = usePeers();
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Status {
  readonly processorStats: { nProcessed: number; nErrors: number; nMissed: number; lastObjectId: number };
  readonly frameStats?: { nSkipped: number };
}

/** The first status that fits. */
async function statusWhen(client: PythonClient, channel: string, fits: (status: Status) => boolean): Promise<Status> {
  await client.request('monitor', { name: channel });
  for (let count = 1; ; count++) {
    const events = await client.request<{ value: Status }[]>('events', { name: channel, count });
    const latest = events.at(-1)?.value;
    if (latest && fits(latest)) return latest;
  }
}

/** With three updates to a turn, of 60 frames: what the consumers have got. */
async function expectTheirShares(client: PythonClient, prefix: string): Promise<void> {
  for (const [id, lastObjectId] of [
    [1, 57],
    [2, 60],
  ] as const) {
    const { processorStats } = await statusWhen(client, `${prefix}:${id}:status`, (status) => {
      return status.processorStats.nProcessed >= 30;
    });
    expect(processorStats).toMatchObject({ nProcessed: 30, nErrors: 0, nMissed: 0, lastObjectId });
  }
}

describe('our distributor', () => {
  async function image() {
    const place = await newPlace();
    const server = new PvaServer(ourServerAt(place));
    closing.push(() => server.close());
    return { place, channel: server.addChannel('our:image', new NtNdArray()) };
  }

  it("gives pvaPy's clients their turns, and others all", async () => {
    const { place, channel } = await image();
    const clients = [await PythonClient.pvapy(peers, place), await PythonClient.pvapy(peers, place)];
    const request = 'record[queueSize=20]field(_[pydistributor=trigger:uniqueId;updates:2])';
    for (const [index, client] of clients.entries()) {
      await client.request('monitor', { name: 'our:image', request });
      await until(() => channel.stats().subscribers.filter(({ running }) => running).length === index + 1);
    }
    await postFrames(channel, 1, 12);
    const idsOf = async (client: PythonClient) => {
      const events = await client.request<{ uniqueId: number }[]>('events', { name: 'our:image', count: 7 });
      return events.map(({ uniqueId }) => uniqueId);
    };
    expect(await idsOf(clients[0] as PythonClient)).toEqual([0, 1, 2, 5, 6, 9, 10]);
    expect(await idsOf(clients[1] as PythonClient)).toEqual([0, 3, 4, 7, 8, 11, 12]);
  });

  it("serves pvaPy's consumers", async () => {
    const { place, channel } = await image();
    const start = (id: number) => {
      const args = ['-id', `${id}`, '-ic', 'our:image', '-sc', 'py:*:status', '-du', '3', '-oo', '4', '-sqs', '100'];
      return startPvapyConsumer(peers, [...args, ...frameAccountArgs, '-rp', '1'], [place]);
    };
    const places: Place[] = [];
    for (const id of [1, 2]) {
      places.push((await start(id)).place);
      await until(() => channel.stats().subscribers.filter(({ running }) => running).length === id);
    }
    await postFrames(channel, 1, 60);
    await expectTheirShares(await PythonClient.p4p(peers, ...places), 'py');
  });
});

describe("pvaPy's distributor", () => {
  it('gives our clients their turns', async () => {
    const { place, client: source } = await startPvapySource(peers, 'py:image');
    const client = new PvaClient(ourClientOf(place));
    closing.push(() => client.close());
    const join = async (distributor: DistributorOptions) => {
      const reader = new Reader(client.monitor('py:image', { distributor, queueSize: 50 }));
      expect(await reader.values('uniqueId', 1)).toEqual([0]);
      return reader;
    };
    const distributor = { group: 'G', trigger: 'uniqueId', updates: 2 };
    const [a, b] = [await join(distributor), await join(distributor)];
    const other = await join({ group: 'H', trigger: 'uniqueId', id: 'alone' });
    await source.request('post', { first: 1, last: 12 });
    expect(await a.values('uniqueId', 6)).toEqual([1, 2, 5, 6, 9, 10]);
    expect(await b.values('uniqueId', 6)).toEqual([3, 4, 7, 8, 11, 12]);
    expect(await other.values('uniqueId', 12)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
  });

  it('serves our consumers', async () => {
    const { place, client: source } = await startPvapySource(peers, 'py:image');
    const start = async (id: number) => {
      const channels = ['-ic', 'py:image', '-sc', 'our:*:status', '-sqs', '100'];
      const share = ['-du', '3', '-dt', 'uniqueId', '-oo', '4'];
      const args = ['consumer', '-id', `${id}`, ...channels, ...share, '-dc'];
      return (await startPvaflow(peers, args, { sources: [place] })).place;
    };
    const places: Place[] = [];
    for (const id of [1, 2]) {
      places.push(await start(id));
      const p4p = await PythonClient.p4p(peers, ...places);
      await statusWhen(p4p, `our:${id}:status`, ({ frameStats }) => frameStats?.nSkipped === 1);
    }
    await source.request('post', { first: 1, last: 60 });
    await expectTheirShares(await PythonClient.p4p(peers, ...places), 'our');
  });
});
