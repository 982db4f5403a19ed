/** Consumers in processes of their own: slow ones, blocked ones, and ones that end in the middle of a stream. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { PvaClient } from 'pvaflow';
import type { LossReport } from '../../src/hpc/loss-report.js';
import { nextUpdate } from '../peers/events.js';
import { newPlace, type Place } from '../peers/network.js';
import { ourClientOf, startPvaflow } from '../peers/ours.js';
import { usePeers } from '../peers/peers.js';

const peers = usePeers();
const folder = mkdtempSync(join(tmpdir(), 'pvaflow-consumers-'));
afterAll(() => rmSync(folder, { recursive: true }));
const slow = fileURLToPath(new URL('fixtures/slow.ts', import.meta.url));

/** A simulator that sends so many frames as soon as it has two subscribers. */
const simulator = (count: number, ...more: string[]) =>
  startPvaflow(
    peers,
    [
      ...['sim-server', '-cn', 'sim:image', '-nx', '16', '-ny', '8', '-fps', '0', '--count', `${count}`, '-dc'],
      ...['--await-subscribers', '2', '-rt', '600', '-shd', '600', ...more],
    ],
    { ready: /^serving/ },
  );

interface StageOptions {
  readonly from: Place;
  readonly input: string;
  readonly more?: readonly string[];
  readonly at?: Place;
}

const stage = ({ from, input, more = [], at }: StageOptions) =>
  startPvaflow(peers, ['consumer', '-ic', input, '-dc', ...more], {
    sources: [from],
    ready: /connected/,
    ...(at === undefined ? {} : { at }),
  });

const reportOf = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as LossReport;
const reportFile = (name: string) => ['--report-file', join(folder, name)];

/** The first update of a channel whose field fulfils a condition. */
async function statusWhen(
  place: Place,
  channel: string,
  field: string,
  isSo: (value: number) => boolean,
): Promise<void> {
  using client = new PvaClient(ourClientOf(place));
  using status = client.monitor(channel);
  while (!isSo(Number((await nextUpdate(status)).get(field))));
}

describe('a chain of consumers', () => {
  it('loses nothing, however slow its last one is', async () => {
    const sim = await simulator(600);
    const a = await stage({ from: sim.place, input: 'sim:image', more: ['-oc', 'a:image', ...reportFile('a.json')] });
    const b = await stage({ from: a.place, input: 'a:image', more: ['-oc', 'b:image', ...reportFile('b.json')] });
    const last = ['-pf', slow, '-pa', '{"ms":20}', '-sc', 'status', '--status-period', '0.1', ...reportFile('c.json')];
    const c = await stage({ from: b.place, input: 'b:image', more: last });
    using client = new PvaClient(ourClientOf(sim.place));
    using _second = client.monitor('sim:image', { queue: { onFull: 'dropOldest' } });
    _second.onReadable(() => _second.take());
    await statusWhen(c.place, 'status', 'frameStats.nProcessed', (count) => count === 600);
    for (const { peer } of [c, b, a]) expect(await peer.stop()).toMatchObject({ code: 0 });
    for (const name of ['a.json', 'b.json', 'c.json'])
      expect(reportOf(name)).toMatchObject({
        firstId: 1,
        lastId: 600,
        received: 600,
        processed: 600,
        missed: { count: 0 },
        notPublished: { count: 0 },
      });
  });

  it('tells by their ids which frames it lost while one of them was away', async () => {
    const sim = await simulator(1_000_000, '-fps', '500');
    const a = await stage({ from: sim.place, input: 'sim:image', more: ['-oc', 'a:image'] });
    const middle = await newPlace();
    const runB = (name: string) =>
      stage({ from: a.place, input: 'a:image', more: ['-oc', 'b:image', ...reportFile(name)], at: middle });
    const b = await runB('b1.json');
    const last = ['-sc', 'status', '--status-period', '0.1', ...reportFile('c2.json')];
    const c = await stage({ from: middle, input: 'b:image', more: last });
    using client = new PvaClient(ourClientOf(sim.place));
    using _second = client.monitor('sim:image', { queue: { onFull: 'dropOldest' } });
    _second.onReadable(() => _second.take());
    await statusWhen(c.place, 'status', 'frameStats.nProcessed', (count) => count > 100);
    b.peer.kill('SIGTERM');
    expect(await b.peer.exited).toMatchObject({ code: 0 });
    const again = await runB('b2.json');
    await statusWhen(c.place, 'status', 'frameStats.nMissed', (count) => count > 0);
    for (const { peer } of [c, again, a]) expect(await peer.stop()).toMatchObject({ code: 0 });
    const report = reportOf('c2.json');
    const { firstId, lastId, received, missed } = report;
    expect(received + missed.count).toBe((lastId ?? 0) - (firstId ?? 0) + 1);
    expect(missed.ids.reduce((sum, { first, last, step }) => sum + (last - first) / step + 1, 0)).toBe(missed.count);
    // what was received before and after is no part of what was missed
    expect(missed.ids[0]?.first).toBe((reportOf('b1.json').lastId ?? 0) + 1);
  });
});

it('a processor that blocks its process holds back the stream alone: its channels answer, and nothing is lost', async () => {
  const sim = await simulator(200);
  const until = join(folder, 'go');
  const channels = ['-oc', 'out:image', '-sc', 'status', '--status-period', '0.1', ...reportFile('blocked.json')];
  const args = ['-pf', slow, '-pa', JSON.stringify({ until }), ...channels];
  const blocked = await stage({ from: sim.place, input: 'sim:image', more: args });
  using client = new PvaClient(ourClientOf(blocked.place));
  using simClient = new PvaClient(ourClientOf(sim.place));
  using _second = simClient.monitor('sim:image', { queue: { onFull: 'dropOldest' } });
  _second.onReadable(() => _second.take());
  await blocked.peer.line(/^blocked/);
  expect((await client.get('status')).get('consumerId')).toBe(1); // as it was when the processor began to block
  expect((await client.get('out:image')).get('uniqueId')).toBe(4);
  writeFileSync(until, '');
  await statusWhen(blocked.place, 'status', 'frameStats.nProcessed', (count) => count === 200);
  expect(await blocked.peer.stop()).toMatchObject({ code: 0 });
  expect(reportOf('blocked.json')).toMatchObject({ processed: 200, missed: { count: 0 }, published: 200 });
});
