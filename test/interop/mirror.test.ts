/** `pvaflow mirror-server` between the programs of other projects. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PvaClient } from 'pvaflow';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';
import { type PeerServer, PythonClient, startIoc, startPvapySimulator } from '../peers/python.js';
import { Reader } from '../pva/clients.js';

interface Frame {
  readonly uniqueId: number;
  readonly size: number;
  readonly crc: number;
}

const peers = usePeers();
const clients: PvaClient[] = [];
afterAll(() => {
  for (const client of clients) client.close();
});

/** Ids of the frames that are the same in all lists, the empty first record left out. */
function sameIds(lists: readonly Frame[][]): number[] {
  const [first = [], ...others] = lists;
  const isSame = (frame: Frame) =>
    others.every((list) => list.some(({ uniqueId, crc }) => uniqueId === frame.uniqueId && crc === frame.crc));
  return first.filter((frame) => frame.size > 0 && isSame(frame)).map(({ uniqueId }) => uniqueId);
}

describe('two mirrors of one source', () => {
  let one: PeerServer;
  let p4p: PythonClient;

  beforeAll(async () => {
    const image = ['-cn', 'sim:image', '-nx', '32', '-ny', '16', '-fps', '50', '-nf', '20'];
    const { place } = await startPvapySimulator(peers, [...image, '-rt', '300', '-std', '1', '-shd', '0']);
    const start = (name: string) =>
      startPvaflow(peers, ['mirror-server', '-cm', `(${name},sim:image)`], {
        sources: [place],
        ready: /^Started mirror/,
      });
    one = await start('m:one');
    const other = await start('m:other');
    p4p = await PythonClient.p4p(peers, one.place, other.place, place);
  });

  it("hand on the frames of pvaPy's simulator to p4p, and tell their counters at the end", async () => {
    const names = ['m:one', 'm:other', 'sim:image'];
    for (const name of names) await p4p.request('monitor', { name });
    let same: number[] = [];
    for (let count = 60; same.length < 30; count += 30) {
      same = sameIds(await Promise.all(names.map((name) => p4p.request<Frame[]>('events', { name, count }))));
    }
    await one.peer.stop();
    expect(one.peer.output).toContain('Final Channel Statistics:');
    const figures = /^Channel m:one @ [\d.]+: (.*)$/.exec(one.peer.output.at(-1) ?? '')?.[1] ?? '';
    const { nReceived, nPublished, nErrors } = JSON.parse(figures) as Record<string, number>;
    expect([nPublished, nErrors]).toEqual([nReceived, 0]);
  });
});

describe('the mirror of an IOC, over both protocols', () => {
  it('keeps its clients while the IOC is away, and shows its values when it is back', async () => {
    const ioc = await startIoc(peers, 'i:', { database: 'ca_records.db' });
    const map = '(m:ca,i:double,ca),(m:enum,ca://i:enum),(m:pva,i:double)';
    const { place, peer } = await startPvaflow(peers, ['mirror-server', '-cm', map, '-rp', '0.5'], {
      sources: [ioc.place],
      ready: /^Started mirror/,
    });
    const client = new PvaClient(ourClientOf(place));
    clients.push(client);
    const readers = ['m:ca', 'm:enum', 'm:pva'].map((name) => new Reader(client.monitor(name)));
    const next = () => Promise.all(readers.map(async (reader) => (await reader.until('update')).value));
    const [overCa, choices, overPva] = await next();
    expect(overCa?.get('display.units')).toBe('mm');
    expect(choices?.get('value.choices')).toEqual(['idle', 'moving', 'fault']);
    expect(overPva?.get('value')).toBe(overCa?.get('value'));

    ioc.peer.kill('SIGKILL');
    const lost = await next();
    expect(lost.map(({ alarm }) => alarm.toString())).toEqual([
      'INVALID CLIENT ca://i:double is not connected',
      'INVALID CLIENT ca://i:enum is not connected',
      'INVALID CLIENT pva://i:double is not connected',
    ]);
    expect(lost[0]?.get('value')).toBe(1.5);
    await ioc.peer.exited;
    await startIoc(peers, 'i:', { database: 'ca_records.db', at: ioc.place });
    const back = await next();
    expect(back.map(({ alarm }) => alarm.severity)).toEqual([0, 0, 0]);
    await peer.line(/^Channel m:ca @ .*"nLosses":1,.*"isConnected":true/);
  });
});

describe('a wrong channel map', () => {
  it('is refused with the entry, and exit code 2', async () => {
    const { peer } = await startPvaflow(peers, ['mirror-server', '-cm', '(m:x,i:x,tcp)']);
    expect((await peer.exited).code).toBe(2);
    expect(peer.lines.join('\n')).toContain('"tcp" is not one of pva, ca');
  });
});
